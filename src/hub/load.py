"""Opens this model in transformers and compares what it computes with what the pruning playground computed.

    pip install torch transformers safetensors
    python3 load.py

`load` is there for you to import: pruned weights stay 0 while you train the model further."""

import json
import os
import sys

import torch
from safetensors import safe_open
from safetensors.torch import load_file
from torch.nn.utils import prune
from transformers import AutoConfig, AutoModelForImageClassification, AutoModelForSequenceClassification, AutoTokenizer

FOLDER = os.path.dirname(os.path.abspath(__file__))


def load():
    """The model in evaluation mode, its pruned weights held at 0 by masks."""
    config = AutoConfig.from_pretrained(FOLDER)
    kind = AutoModelForImageClassification if config.model_type == 'vit' else AutoModelForSequenceClassification
    model = kind.from_pretrained(FOLDER).eval()
    weights, masks = (load_file(os.path.join(FOLDER, f'{name}.safetensors')) for name in ('model', 'masks'))
    # Versions of transformers give their modules different names. So masks are loaded as if they were weights.
    held = {name: masks[name].float() if name in masks else torch.full_like(weights[name], -1) for name in weights}
    twin = type(model).from_pretrained(None, config=config, state_dict=held)
    for name, module in twin.named_modules():
        if isinstance(module, torch.nn.Linear) and (module.weight >= 0).all():
            prune.custom_from_mask(model.get_submodule(name), 'weight', module.weight.detach())
    return model


def same_ids(texts, ids):
    """Whether the tokenizer in this folder cuts the texts as the playground did."""
    tokenizer = AutoTokenizer.from_pretrained(FOLDER)
    made = tokenizer(texts, padding='max_length', truncation=True, max_length=ids.shape[1], return_tensors='pt')
    return bool((made['input_ids'] == ids).all())


def main():
    path = os.path.join(FOLDER, 'examples.safetensors')
    examples = load_file(path)
    expected = examples.pop('logits')
    inputs = {name: values if name == 'pixel_values' else values.long() for name, values in examples.items()}
    model = load()
    with torch.no_grad():
        found = model(**inputs).logits
    for here, there in zip(found.tolist(), expected.tolist()):
        print('transformers', ' '.join(f'{x:9.5f}' for x in here), '  playground', ' '.join(f'{x:9.5f}' for x in there))
    masks = [mask for name, mask in model.named_buffers() if name.endswith('_mask')]
    kept, size = sum(int(mask.sum()) for mask in masks), sum(mask.numel() for mask in masks)
    difference = (found - expected).abs().max().item()
    print(f'{kept:,} of {size:,} prunable weights are kept; largest difference of logits {difference:.1e}')
    # Both add the same products up in 32 bits, in another order: they differ by some parts in a million.
    right = difference < 1e-5 * max(1.0, expected.abs().max().item())
    with safe_open(path, 'pt') as file:
        texts = (file.metadata() or {}).get('texts')
    if texts:
        same = same_ids(json.loads(texts), inputs['input_ids'])
        print(f'token ids are {"the same" if same else "DIFFERENT"}')
        right = right and same
    sys.exit(0 if right else 1)


if __name__ == '__main__':
    main()
