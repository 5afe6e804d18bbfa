"""Makes the small models of src/hub/golden, with what PyTorch computes from them. Tests read them; nothing else does.

    pip install torch transformers timm safetensors
    python3 scripts/golden_models.py src/hub/golden

Weights are random and large enough that a fault anywhere in a model changes its logits."""

import json
import os
import sys

import timm
import torch
import transformers
from timm.models import save_for_hf

WORDS = (
    'a b c d e h i l m n o r s t ##a ##d ##e ##l ##n ##r ##s ##t ##ing '
    'the film is not good bad very , . ! don \' 中 ne'
)
SIZES = dict(hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32, num_labels=3)
TEXTS = [
    'The film is good.',
    "Don't! A very very bad film, NOT good",
    'Née the ﬁlm 中中 is',
    'ohne mad',
    '',
    'the bad film is not very good , the film is not bad at all , is the good film not good , is it , the end',
]


def randomised(model, seed):
    """Every tensor random; scales of norms around 1."""
    generator = torch.Generator().manual_seed(seed)
    for name, tensor in model.named_parameters():
        noise = torch.randn(tensor.shape, generator=generator)
        is_scale = tensor.dim() == 1 and name.endswith('weight')
        tensor.data = 1 + 0.2 * noise if is_scale else noise * (0.2 if tensor.dim() == 1 else 0.35)
    return model.eval()


def pixels(count, size):
    """Bytes [count, 3, size, size]; the tests make the same ones, channels last."""
    k = torch.arange(count * size * size * 3, dtype=torch.int64)
    return ((k * k * 31 + k * 17) % 251).reshape(count, size, size, 3).permute(0, 3, 1, 2)


def normalised(images):
    return (images / 255 - 0.5) / 0.5


def scaled(size, side):
    return torch.nn.functional.interpolate(normalised(pixels(2, size)), side, mode='bilinear', align_corners=False)


# Images of a size are scaled to a side before they are cut.
SCALED = [(8, 16), (10, 24)]


def write(folder, name, content):
    with open(os.path.join(folder, name), 'w', encoding='utf-8') as file:
        file.write(content if isinstance(content, str) else json.dumps(content, ensure_ascii=False) + '\n')


def bert(folder):
    os.makedirs(folder, exist_ok=True)
    vocabulary = ['[PAD]', '[unused0]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', *WORDS.split()]
    config = transformers.BertConfig(**SIZES, vocab_size=len(vocabulary) + 2, max_position_embeddings=24)
    model = randomised(transformers.BertForSequenceClassification(config), 1)
    model.save_pretrained(folder)
    write(folder, 'vocab.txt', '\n'.join(vocabulary) + '\n')
    tokenizer = transformers.BertTokenizer(os.path.join(folder, 'vocab.txt'))
    tokenizer.save_pretrained(folder)
    options = dict(padding='max_length', truncation=True, max_length=16, return_tensors='pt')
    single = tokenizer(TEXTS, **options)
    pairs = tokenizer(TEXTS, TEXTS[::-1], **options)
    with torch.no_grad():
        write(folder, 'expected.json', {
            'texts': TEXTS,
            'length': 16,
            'ids': single['input_ids'].tolist(),
            'logits': model(**single).logits.tolist(),
            'pairLogits': model(**pairs).logits.tolist(),
        })


def vit(folder):
    os.makedirs(folder, exist_ok=True)
    config = transformers.ViTConfig(**SIZES, image_size=16, patch_size=4, layer_norm_eps=1e-6)
    model = randomised(transformers.ViTForImageClassification(config), 2)
    model.save_pretrained(folder)
    half = [0.5, 0.5, 0.5]
    size = {'height': 16, 'width': 16}
    write(folder, 'preprocessor_config.json', {'image_mean': half, 'image_std': half, 'size': size})
    with torch.no_grad():
        logits = {
            size: model(normalised(pixels(2, size)), interpolate_pos_encoding=True).logits.tolist()
            for size in (16, 24, 12)
        }
        of_scaled = [
            [size, side, model(scaled(size, side), interpolate_pos_encoding=True).logits.tolist()]
            for size, side in SCALED
        ]
    write(folder, 'expected.json', {'logits': logits, 'scaled': of_scaled})


def of_timm(folder):
    os.makedirs(folder, exist_ok=True)
    sizes = dict(img_size=16, patch_size=4, embed_dim=16, depth=2, num_heads=2, mlp_ratio=2, num_classes=3)
    model = randomised(timm.create_model('vit_tiny_patch16_224', **sizes), 3)
    save_for_hf(model, folder, safe_serialization=True, model_args=sizes)

    def of_size(side):
        other = timm.create_model('vit_tiny_patch16_224', **{**sizes, 'img_size': side}).eval()
        other.load_state_dict(timm.models.vision_transformer.checkpoint_filter_fn(dict(model.state_dict()), other))
        return other

    with torch.no_grad():
        logits = {size: of_size(size)(normalised(pixels(2, size))).tolist() for size in (16, 24, 12)}
        of_scaled = [[size, side, of_size(side)(scaled(size, side)).tolist()] for size, side in SCALED]
    write(folder, 'expected.json', {'logits': logits, 'scaled': of_scaled})


def main(folder):
    for make, name in [(bert, 'bert'), (vit, 'vit'), (of_timm, 'timm')]:
        place = os.path.join(folder, name)
        make(place)
        os.chmod(os.path.join(place, 'model.safetensors'), 0o644)


if __name__ == '__main__':
    main(sys.argv[1])
