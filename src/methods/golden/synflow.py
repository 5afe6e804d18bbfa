"""SynFlow (Tanaka et al., arXiv:2006.05467) through a linearised transformer (docs/algorithms.md 2.8, an adaptation).

The network is the playground's ViT: 4 x 4 pixels of one channel in patches of 2, width 8, two blocks, two heads, MLP
ratio 2, mean of tokens, 3 classes. Linearised: every parameter by its absolute value, biases 0, attention uniform (each
token the mean over tokens of the values), LayerNorm and GELU the identity, residuals kept, one image of ones. In
doubles."""

import torch

from vector import kept_count, require_clear, save, split, top

torch.set_default_dtype(torch.float64)
WIDTH, DEPTH, PATCH, TOKENS, CLASSES, RATIO = 8, 2, 4, 4, 3, 2


def parameters(seed):
    random = torch.Generator().manual_seed(seed)
    draw = lambda *shape: (torch.randn(shape, generator=random) / shape[0] ** 0.5).float().double()
    blocks = {}
    for b in range(DEPTH):
        for part in ('query', 'key', 'value', 'output'):
            blocks[f'block{b}/attention/{part}/weights'] = draw(WIDTH, WIDTH)
        blocks[f'block{b}/mlp/in/weights'] = draw(WIDTH, WIDTH * RATIO)
        blocks[f'block{b}/mlp/out/weights'] = draw(WIDTH * RATIO, WIDTH)
    return blocks, {
        'embed/weights': draw(PATCH, WIDTH),
        'positions': draw(TOKENS, WIDTH),
        'head/weights': draw(WIDTH, CLASSES),
    }


def flow(blocks, others):
    """R, the sum of the logits."""
    part = {name: w.abs() for name, w in {**blocks, **others}.items()}
    x = torch.ones(TOKENS, PATCH) @ part['embed/weights'] + part['positions']
    for b in range(DEPTH):
        values = x @ part[f'block{b}/attention/value/weights']
        x = x + values.mean(0, keepdim=True).expand_as(values) @ part[f'block{b}/attention/output/weights']
        x = x + x @ part[f'block{b}/mlp/in/weights'] @ part[f'block{b}/mlp/out/weights']
    return (x.mean(0) @ part['head/weights']).sum()


def scores(blocks, others):
    """|dR/dw w| of every prunable matrix. Uniform attention gives queries and keys no part in R: their scores come from
    a flow of their own, 1^T |Wq| |Wk|^T 1 of each block."""
    leaves = {name: w.clone().requires_grad_() for name, w in blocks.items()}
    total = flow(leaves, others)
    pairs = sum(
        (
            leaves[f'block{b}/attention/query/weights'].abs().sum(0)
            * leaves[f'block{b}/attention/key/weights'].abs().sum(0)
        ).sum()
        for b in range(DEPTH)
    )
    grads = torch.autograd.grad(total + pairs, list(leaves.values()))
    return total.detach(), {name: (g * w.detach()).abs() for (name, w), g in zip(leaves.items(), grads)}


def prune(blocks, others, rounds, sparsity):
    """Rounds of exponential density, 1 - (1 - s)^(k / n), over everything but queries and keys, scored anew on the
    thinner net."""
    flowing = {name: w for name, w in blocks.items() if 'query' not in name and 'key' not in name}
    size = sum(w.numel() for w in flowing.values())
    mask = torch.ones(size, dtype=torch.uint8)
    for k in range(1, rounds + 1):
        thinner = {
            **blocks,
            **{name: w * part for (name, w), part in zip(flowing.items(), split(mask, flowing).values())},
        }
        score = scores(thinner, others)[1]
        score = torch.cat([score[name].flatten() for name in flowing])
        dead = mask == 0
        mask = top(score, kept_count(size, 1 - (1 - sparsity) ** (k / rounds)), rank_last=dead)
        require_clear(torch.where(dead, -torch.ones(size), score), mask, apart=2e-5)
    assert all(part.sum() > 0 for part in split(mask, flowing).values()), 'SynFlow leaves no layer empty'
    return split(mask, flowing)


blocks, others = parameters(3)
total, score = scores(blocks, others)
# Conservation: what flows into a branch flows out of it, and what it carries is a part of R.
for b in range(DEPTH):
    for one, other in (
        ('attention/value', 'attention/output'),
        ('mlp/in', 'mlp/out'),
        ('attention/query', 'attention/key'),
    ):
        carried = [float(score[f'block{b}/{part}/weights'].sum()) for part in (one, other)]
        assert abs(carried[0] - carried[1]) < 1e-9 * carried[0]
        assert carried[0] < float(total) or one == 'attention/query'
tensors = {**blocks, **others, **{f'score/{name}': s for name, s in score.items()}, 'flow': total.reshape(1)}
tensors |= {f'mask/{name}': m for name, m in prune(blocks, others, rounds=20, sparsity=0.9).items()}
save('synflow', tensors, rounds=20, sparsity=0.9)
