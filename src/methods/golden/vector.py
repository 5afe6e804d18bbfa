"""What the scripts of this folder share: a small network, exact selection, and the files they write.

The formulas are written from docs/algorithms.md and the papers, not from this project's code. Linear weights are [in,
out]."""

import json
import math
import struct
from pathlib import Path

import torch

torch.set_num_threads(1)
torch.set_default_dtype(torch.float32)

FOLDER = Path(__file__).parent
NAMES = ('first', 'second', 'third')


def save(name, tensors, **metadata):
    """A safetensors file: header length, JSON header, data; float32 first, then uint8."""
    rows, blobs, at = (
        {'__metadata__': {k: v if isinstance(v, str) else json.dumps(v) for k, v in metadata.items()}},
        [],
        0,
    )
    for key, tensor in sorted(tensors.items(), key=lambda item: (item[1].dtype == torch.uint8, item[0])):
        kind, values = ('U8', tensor) if tensor.dtype == torch.uint8 else ('F32', tensor.float())
        blob = values.detach().contiguous().numpy().tobytes()
        rows[key] = {'dtype': kind, 'shape': list(tensor.shape), 'data_offsets': [at, at + len(blob)]}
        blobs.append(blob)
        at += len(blob)
    header = json.dumps(rows, separators=(',', ':')).encode()
    header += b' ' * (-len(header) % 8)
    path = FOLDER / f'{name}.safetensors'
    path.write_bytes(struct.pack('<Q', len(header)) + header + b''.join(blobs))
    print(f'{path.name}: {path.stat().st_size} bytes')


def flat(parts):
    return torch.cat([parts[name].flatten() for name in parts])


def split(values, like):
    """A flat vector cut into the shapes of `like`, the reverse of `flat`."""
    parts, at = {}, 0
    for name, tensor in like.items():
        parts[name] = values[at : at + tensor.numel()].reshape(tensor.shape)
        at += tensor.numel()
    return parts


def kept_count(size, sparsity):
    """K = round((1 - s) N), halves up."""
    return math.floor((1 - sparsity) * size + 0.5)


def whole_counts(shares, total):
    """Shares of layers as whole numbers: rounded down, and what is missing to the total goes to the largest
    remainders."""
    counts = {name: math.floor(share + 1e-6) for name, share in shares.items()}
    by_remainder = sorted(shares, key=lambda name: counts[name] - shares[name])
    for name in by_remainder[: total - sum(counts.values())]:
        counts[name] += 1
    return counts


def top(scores, count, rank_last=None):
    """1 for the `count` largest of a flat vector, ties to the lowest index; entries in `rank_last` come after all
    others."""
    last = torch.zeros_like(scores, dtype=torch.bool) if rank_last is None else rank_last
    order = sorted(range(len(scores)), key=lambda i: (bool(last[i]), -float(scores[i]), i))
    mask = torch.zeros(len(scores), dtype=torch.uint8)
    mask[order[:count]] = 1
    return mask


def require_clear(scores, mask, history=None, apart=1e-4):
    """Whoever repeats this with other rounding must get the same mask: across the cut, scores are so far apart
    (relatively), or exactly equal because they are 0 or because all that they were computed from is equal bit for
    bit."""
    kept, cut = torch.nonzero(mask == 1).flatten(), torch.nonzero(mask == 0).flatten()
    if not len(kept) or not len(cut):
        return
    low, high = scores[kept].min(), scores[cut].max()
    gap = (low - high).abs() / torch.maximum(low.abs(), high.abs()).clamp_min(1e-30)
    if low == high:
        alike = history is not None and all(
            torch.equal(history[:, i], history[:, kept[scores[kept] == low][0]]) for i in cut[scores[cut] == high]
        )
        assert low == 0 or alike, f'a tie at {low} that is none by construction'
    else:
        assert gap > apart, f'scores {low} and {high} are too close to each other for other rounding'


class Network:
    """Six inputs, two hidden layers of tanh, four classes, no biases. Built to have ties and zeros: input 5 is always
    0, so the gradients of its eight weights are; hidden units 6 and 7 of the first layer are twins; some weights are
    0."""

    def __init__(self, seed):
        self.random = torch.Generator().manual_seed(seed)
        first, second, third = (
            torch.randn(shape, generator=self.random) / shape[0] ** 0.5 for shape in ((6, 8), (8, 7), (7, 4))
        )
        first[:, 7], second[7] = first[:, 6], second[6]
        first[0, :3] = second[2, 1] = third[3, 0] = 0
        self.weights = dict(zip(NAMES, (first, second, third)))
        self.teacher = torch.randn((6, 4), generator=self.random)
        self.size = sum(w.numel() for w in self.weights.values())

    def batch(self, size=16):
        x = torch.randn((size, 6), generator=self.random)
        x[:, 5] = 0
        labels = (x @ self.teacher + 0.5 * torch.randn((size, 4), generator=self.random)).argmax(1)
        return x, labels

    @staticmethod
    def forward(x, weights):
        # Products and sums instead of matmul: every column is added up in the same order, so twins stay twins bit for
        # bit.
        def linear(h, w):
            return sum(h[:, i : i + 1] * w[i] for i in range(w.shape[0]))

        h = torch.tanh(linear(x, weights['first']))
        return linear(torch.tanh(linear(h, weights['second'])), weights['third'])

    def gradients(self, weights, batch, temperature=1.0):
        """dL/dw, dense, at these effective weights; L is the mean cross-entropy."""
        leaves = {name: w.detach().clone().requires_grad_() for name, w in weights.items()}
        x, labels = batch
        loss = torch.nn.functional.cross_entropy(self.forward(x, leaves) / temperature, labels)
        grads = torch.autograd.grad(loss, list(leaves.values()))
        return dict(zip(leaves, grads))


def masked(weights, mask):
    return {name: w * part for (name, w), part in zip(weights.items(), split(mask, weights).values())}


class Trace:
    """Collects what a replay reads (w, g) and what it should answer (score, mask)."""

    def __init__(self, initial):
        self.tensors = {f'initial/w/{name}': w.clone() for name, w in initial.items()}
        self.like = initial
        self.step = 0

    def add(self, weights, grads, score=None, mask=None, grow=None):
        for kind, parts in (('w', weights), ('g', grads), ('score', score), ('mask', mask), ('grow', grow)):
            if parts is not None:
                parts = parts if isinstance(parts, dict) else split(parts, self.like)
                for name, values in parts.items():
                    self.tensors[f'{self.step:06d}/{kind}/{name}'] = values.clone()
        self.step += 1

    def initial_mask(self, mask):
        for name, part in split(mask, self.like).items():
            self.tensors[f'initial/mask/{name}'] = part.clone()

    def save(self, name, **metadata):
        save(name, self.tensors, prunable=','.join(NAMES), **metadata)
