"""GraSP by double backward on a ViT of preset `cifar10-nano`: what finite differences have to find at that depth.

Weights and images are too many to be stored, so both are made here as the playground makes them (src/core/random.ts,
src/engine/executor/initial.ts), from whole numbers. The file holds the mask as bits, and H g of every 61st weight.
"""

import math
import sys
from pathlib import Path

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel

from vector import kept_count, require_clear, save, top

sys.path.insert(0, str(Path(__file__).parents[3] / 'scripts'))
from bench_torch import vit  # noqa: E402

torch.set_default_dtype(torch.float64)

SEED, BATCH, BATCHES, EVERY = 1, 8, 2, 61
SIZES = {'patch': 8, 'width': 64, 'depth': 4, 'heads': 4, 'ratio': 2, 'pool': 'mean'}
BITS = 0xFFFFFFFF


def random_bits(seed, stream, counter):
    """PCG-3D of Jarzynski & Olano; `counter` may be a tensor of whole numbers."""
    counter = torch.as_tensor(counter, dtype=torch.int64)
    x, y, z = ((torch.as_tensor(v) * 1664525 + 1013904223) & BITS for v in (seed, stream, counter))
    mix = lambda a, b, c: (a + low_product(b, c)) & BITS
    x = mix(x, y, z)
    y = mix(y, z, x)
    z = mix(z, x, y)  # noqa: E702
    x, y, z = x ^ (x >> 16), y ^ (y >> 16), z ^ (z >> 16)
    x = mix(x, y, z)
    y = mix(y, z, x)
    z = mix(z, x, y)  # noqa: E702
    return z


def low_product(a, b):
    """The lower 32 bits of a product, with no step beyond 63 bits."""
    return ((a & 0xFFFF) * b + ((((a >> 16) * b) & 0xFFFF) << 16)) & BITS


def uniform(stream, counter):
    return (random_bits(SEED, stream, counter) >> 8).double() / 16777216


def lane(name):
    """FNV-1a, 24 bits."""
    value = 0x811C9DC5
    for letter in name:
        value = ((value ^ ord(letter)) * 0x01000193) & BITS
    return value >> 8


def drawn(name, shape, kind, size):
    """A tensor as the playground draws it: [-size, size) evenly, or normal of that deviation, drawn again beyond two of
    it."""
    stream, count = (1 | (lane(name) << 8)) & BITS, math.prod(shape)
    if kind == 'uniform':
        return ((2 * uniform(stream, torch.arange(count)) - 1) * size).float().double().reshape(shape)
    lots, values, at = uniform(stream, torch.arange(4 * count)), [], 0
    while len(values) < count:
        value = math.sqrt(-2 * math.log(1 - float(lots[at]))) * math.cos(2 * math.pi * float(lots[at + 1]))
        at += 2
        if abs(value) <= 2:
            values.append(value * size)
    return torch.tensor(values).float().double().reshape(shape)


def initial():
    """Every parameter, and the names of the prunable ones."""
    params, prunable, width = {}, [], SIZES['width']

    def linear(name, fan_in, fan_out):
        params[f'{name}/weights'] = drawn(
            f'{name}/weights', (fan_in, fan_out), 'uniform', math.sqrt(6 / (fan_in + fan_out))
        )
        params[f'{name}/bias'] = torch.zeros(fan_out)

    def norm(name):
        params[f'{name}/scale'], params[f'{name}/shift'] = torch.ones(width), torch.zeros(width)

    for block in range(SIZES['depth']):
        for part in ('query', 'key', 'value', 'output'):
            linear(f'block{block}/attention/{part}', width, width)
        linear(f'block{block}/mlp/in', width, SIZES['ratio'] * width)
        linear(f'block{block}/mlp/out', SIZES['ratio'] * width, width)
        norm(f'block{block}/norm1')
        norm(f'block{block}/norm2')
    prunable = [name for name in params if name.endswith('/weights')]
    linear('embed', SIZES['patch'] ** 2 * 3, width)
    params['positions'] = drawn('positions', ((32 // SIZES['patch']) ** 2, width), 'normal', 0.5)
    norm('norm')
    params['head/weights'] = drawn('head/weights', (width, 10), 'normal', 0.02)
    params['head/bias'] = torch.zeros(10)
    return params, prunable


def batch(index):
    """Images of patches of one colour each, with noise on top; bytes, then numbers as float32 holds them. Labels 0, 1,
    2, ..."""
    place = torch.arange(BATCH * 32 * 32 * 3).reshape(BATCH, 32, 32, 3) + index * BATCH * 32 * 32 * 3
    image, y, x, channel = torch.meshgrid(*(torch.arange(n) for n in (BATCH, 32, 32, 3)), indexing='ij')
    patch = (((image + index * BATCH) * 4 + y // 8) * 4 + x // 8) * 3 + channel
    pixels = (random_bits(SEED, 6, patch) & 127) + (random_bits(SEED, 7, place) & 127)
    return ((pixels / 255 - 0.5) / 0.25).float().double(), (torch.arange(BATCH) + index * BATCH) % 10


def gradients(params, prunable, images, labels, graph):
    leaves = {name: w.clone().requires_grad_(name in prunable) for name, w in params.items()}
    with sdpa_kernel(SDPBackend.MATH):
        logits = vit(leaves, images, SIZES)
    loss = torch.nn.functional.cross_entropy(logits / 200, labels, label_smoothing=0.1)
    wrt = [leaves[name] for name in prunable]
    return torch.cat([g.flatten() for g in torch.autograd.grad(loss, wrt, create_graph=graph)]), wrt


def packed(mask):
    """Eight bits a byte, the lowest first."""
    return (mask.reshape(-1, 8).int() << torch.arange(8)).sum(1).to(torch.uint8)


params, prunable = initial()
batches = [batch(i) for i in range(BATCHES)]
mean = sum(gradients(params, prunable, *each, graph=False)[0] for each in batches) / BATCHES
product = torch.zeros_like(mean)
for each in batches:
    grads, wrt = gradients(params, prunable, *each, graph=True)
    product += torch.cat([h.flatten() for h in torch.autograd.grad((grads * mean).sum(), wrt)]) / BATCHES
score = torch.cat([params[name].flatten() for name in prunable]) * product
sparsity = 0.9
mask = top(score, kept_count(score.numel(), sparsity))
require_clear(score, mask)
save(
    'graspNano',
    {'mask': packed(mask), 'curvature': product[::EVERY], 'largest': product.abs().max().reshape(1)},
    prunable=','.join(prunable),
    sparsity=sparsity,
    seed=SEED,
    batch=BATCH,
    batches=BATCHES,
    every=EVERY,
)
