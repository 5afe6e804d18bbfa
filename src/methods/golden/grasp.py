"""GraSP (Wang et al., arXiv:2002.07376) with the exact product H g by double backward, to hold a finite difference
against.

The network is the playground's `mlp`: 6 inputs, 8 hidden units with exact GELU, 4 classes, biases; in doubles.
"""

import torch

from vector import kept_count, require_clear, save, top

torch.set_default_dtype(torch.float64)


def product(params, x, labels, temperature, names):
    """g, and H g with H and g taken over the parameters in `names`."""
    leaves = {name: w.clone().requires_grad_(name in names) for name, w in params.items()}
    hidden = torch.nn.functional.gelu(x @ leaves['hidden/weights'] + leaves['hidden/bias'])
    logits = (hidden @ leaves['head/weights'] + leaves['head/bias']) / temperature
    loss = torch.nn.functional.cross_entropy(logits, labels)
    wrt = [leaves[name] for name in names]
    grads = torch.autograd.grad(loss, wrt, create_graph=True)
    alignment = sum((g.detach() * g).sum() for g in grads)
    return loss, dict(zip(names, grads)), dict(zip(names, torch.autograd.grad(alignment, wrt)))


def difference(params, x, labels, temperature, names, share=1e-3):
    """(g(w + s g) - g(w - s g)) / (2 s), s = share |w| / |g|: what a finite difference makes of H g."""
    grads = product(params, x, labels, temperature, names)[1]
    norm = lambda parts: sum(float(parts[name].square().sum()) for name in names) ** 0.5
    s = share * norm(params) / norm(grads)
    there, back = (
        product(
            {**params, **{name: params[name] + sign * s * grads[name].detach() for name in names}},
            x,
            labels,
            temperature,
            names,
        )[1]
        for sign in (1, -1)
    )
    return {name: ((there[name] - back[name]) / (2 * s)).detach() for name in names}


def shrinking(params, x, labels, temperature, names, share=1e-5):
    """What shrinking each weight of the matrix by a share does to |g|^2, over that share: the sign of the score,
    without second derivatives. To first order -2 w (H g), so that what is pruned is what lowers the norm of the
    gradient least."""
    squares = lambda weights: float(
        sum(
            g.square().sum()
            for g in product({**params, 'hidden/weights': weights}, x, labels, temperature, names)[1].values()
        )
    )
    matrix = params['hidden/weights']
    changes = torch.zeros(matrix.numel())
    for i in range(matrix.numel()):
        less = matrix.clone()
        less.view(-1)[i] *= 1 - share
        changes[i] = (squares(less) - squares(matrix)) / share
    return changes


random = torch.Generator().manual_seed(8)
params = {
    'hidden/weights': torch.randn((6, 8), generator=random) * 0.6,
    'hidden/bias': torch.randn(8, generator=random) * 0.1,
    'head/weights': torch.randn((8, 4), generator=random) * 0.6,
    'head/bias': torch.randn(4, generator=random) * 0.1,
}
params = {name: w.float().double() for name, w in params.items()}
x = torch.randn((16, 6), generator=random).float().double()
labels = torch.randint(0, 4, (16,), generator=random)
tensors = {**params, 'x': x, 'labels': labels.to(torch.uint8)}
sparsity = 0.6
for temperature in (1, 200):
    # Over the prunable matrix alone, and over everything that is trained.
    for scope, names in (('prunable', ['hidden/weights']), ('all', list(params))):
        loss, grads, curvature = product(params, x, labels, temperature, names)
        score = params['hidden/weights'] * curvature['hidden/weights']
        mask = top(score.flatten(), kept_count(score.numel(), sparsity)).reshape(score.shape)
        require_clear(score.flatten(), mask.flatten())
        near = difference(params, x, labels, temperature, names)['hidden/weights']
        error = float((near - curvature['hidden/weights']).norm() / curvature['hidden/weights'].norm())
        assert error < 1e-4 and torch.equal(
            top((params['hidden/weights'] * near).flatten(), int(mask.sum())), mask.flatten()
        )
        changes = shrinking(params, x, labels, temperature, names)
        assert float((changes + 2 * score.flatten()).abs().max() / changes.abs().max()) < 1e-3
        assert changes[mask.flatten() == 0].min() > changes[mask.flatten() == 1].max()
        key = f'{temperature}/{scope}'
        tensors |= {
            f'{key}/g': grads['hidden/weights'],
            f'{key}/curvature': curvature['hidden/weights'],
            f'{key}/score': score,
            f'{key}/mask': mask,
        }
save('grasp', tensors, sparsity=sparsity)
