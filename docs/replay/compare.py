"""Compares scores and masks of two safetensors files, tensor by tensor, where both have them.

python3 docs/replay/compare.py mine.safetensors theirs.safetensors
"""

import json
import struct
import sys

import numpy


def load(path):
    with open(path, 'rb') as file:
        header = json.loads(file.read(struct.unpack('<Q', file.read(8))[0]))
        data = file.read()
    header.pop('__metadata__', None)
    kinds = {'F32': numpy.float32, 'U8': numpy.uint8}
    return {
        name: numpy.frombuffer(data[slice(*row['data_offsets'])], kinds[row['dtype']]).reshape(row['shape'])
        for name, row in header.items()
        if row['dtype'] in kinds
    }


def main(mine, theirs):
    mine, theirs = load(mine), load(theirs)
    masks = [name for name in mine if '/mask/' in name and name in theirs]
    scores = [name for name in mine if '/score/' in name and name in theirs]
    different = {name: int((mine[name] != theirs[name]).sum()) for name in masks}
    worst, place = 0.0, '-'
    for name in scores:
        # NaN marks weights that were not ranked, because they had been pruned before.
        ranked = ~numpy.isnan(mine[name]) & ~numpy.isnan(theirs[name])
        a, b = mine[name][ranked].astype(float), theirs[name][ranked].astype(float)
        error = numpy.abs(a - b) / numpy.maximum(numpy.maximum(numpy.abs(a), numpy.abs(b)), 1e-30)
        if error.size and error.max() > worst:
            worst, place = error.max(), name
    print(
        f'{len(masks)} masks, {sum(different.values())} weights differ'
        + ''.join(f'\n  {name}: {n}' for name, n in different.items() if n)
    )
    print(f'{len(scores)} scores, largest relative difference {worst:.1e} at {place}')
    sys.exit(1 if not masks or any(different.values()) else 0)


if __name__ == '__main__':
    main(*sys.argv[1:3])
