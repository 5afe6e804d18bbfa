"""Wanda (Sun et al., arXiv:2306.11695), SparseGPT (Frantar & Alistarh, arXiv:2301.00774) and RIA on one linear layer.

y = x w with w [in, out], so what the papers call a row (the weights of one output) is a column here.
"""

import torch

from vector import kept_count, require_clear, save, top

EXAMPLES, TOKENS = 6, 8


def layer(seed, inputs=24, outputs=10, size=1.0, dead=(7,)):
    """Correlated inputs [examples, tokens, inputs] of different sizes, some of them dead, and some weights that are 0
    already."""
    random = torch.Generator().manual_seed(seed)
    rows = EXAMPLES * TOKENS
    x = torch.randn((rows, 8), generator=random) @ torch.randn((8, inputs), generator=random)
    x = (x + torch.randn((rows, inputs), generator=random)) * torch.logspace(-1, 1, inputs) * size
    x[:, list(dead)] = 0
    w = torch.randn((inputs, outputs), generator=random)
    w[2, :3] = 0
    return x.reshape(EXAMPLES, TOKENS, inputs), w


def outputs_of(x, w):
    return x.reshape(-1, w.shape[0]) @ w


def wanda(sparsity):
    """|w_ij| ||x_i||, compared within each output; the lowest go, the others stay as they are."""
    x, w = layer(1)
    norms = x.flatten(0, 1).norm(dim=0)
    score = w.abs() * norms[:, None]
    mask = torch.stack([top(column, kept_count(w.shape[0], sparsity)) for column in score.T.contiguous()], dim=1)
    for j in range(w.shape[1]):
        require_clear(score[:, j], mask[:, j])
    save('wanda', {'x': x, 'w': w, 'norms': norms, 'score': score, 'mask': mask, 'pruned': w * mask}, sparsity=sparsity)


def damped_hessian(x, w, damping):
    """H as the official code gathers it, example by example: the mean over examples (not tokens) of 2 times the sum of
    x x^T; then 1 on the diagonal of inputs that were never there, whose weights in `w` become 0, in place; then the
    damping. And U upper with U^T U = H^-1."""
    inputs = w.shape[0]
    hessian, seen = torch.zeros((inputs, inputs), dtype=torch.float64), 0
    for example in x:
        hessian *= seen / (seen + 1)
        seen += 1
        scaled = (2 / seen) ** 0.5 * example
        hessian += scaled.T @ scaled
    dead = hessian.diagonal() == 0
    hessian[dead, dead] = 1
    w[dead] = 0
    hessian += damping * hessian.diagonal().mean() * torch.eye(inputs, dtype=torch.float64)
    return hessian, torch.linalg.cholesky(torch.cholesky_inverse(torch.linalg.cholesky(hessian)), upper=True)


def operated(x, start, sparsity, block, damping):
    """Columns of the paper are inputs here. In every block the lowest w^2 / U_jj^2 go, all outputs together; what an
    input loses is made up for by the inputs after it."""
    w, inputs = start.clone(), start.shape[0]
    hessian, upper = damped_hessian(x, w, damping)
    masks, scores = torch.zeros_like(w, dtype=torch.uint8), torch.zeros_like(w)
    for begin in range(0, inputs, block):
        rows = range(begin, min(begin + block, inputs))
        score = w[rows.start : rows.stop] ** 2 / upper.diagonal()[rows.start : rows.stop, None] ** 2
        mask = top(score.flatten(), kept_count(score.numel(), sparsity)).reshape(score.shape)
        require_clear(score.flatten(), mask.flatten())
        scores[rows.start : rows.stop], masks[rows.start : rows.stop] = score, mask
        errors = torch.zeros_like(score)
        for i in rows:
            kept = w[i] * masks[i]
            errors[i - begin] = (w[i] - kept) / upper[i, i]
            w[i : rows.stop] -= upper[i, i : rows.stop, None] * errors[i - begin]
            w[i] = kept
        w[rows.stop :] -= upper[rows, rows.stop :].T @ errors
    return {'x': x, 'w': start, 'hessian': hessian, 'upper': upper, 'score': scores, 'mask': masks, 'pruned': w}


def lost(x, before, after):
    return float((outputs_of(x, after) - outputs_of(x, before)).square().sum())


def sparse_gpt(sparsity, block, damping=0.01):
    x, start = (part.double() for part in layer(2))
    tensors = operated(x, start, sparsity, block, damping)
    # The update must pay: the outputs are nearer to the dense layer's than those of the same mask without it.
    with_update, without = lost(x, start, tensors['pruned']), lost(x, start, start * tensors['mask'])
    assert with_update < without
    save(
        'sparseGpt',
        tensors,
        sparsity=sparsity,
        block=block,
        damping=damping,
        lost=with_update,
        lostWithoutUpdate=without,
    )


def sparse_gpt_dead(sparsity, block, damping=0.01):
    """Activations of about 0.01 beside dead inputs, where it matters that H is a mean over examples when the dead get
    their 1."""
    x, start = (part.double() for part in layer(11, inputs=32, outputs=28, size=0.003, dead=(3, 7, 20)))
    tensors = operated(x, start, sparsity, block, damping)
    unscaled = operated(x * (EXAMPLES / 2) ** 0.5, start, sparsity, block, damping)
    differing = int((tensors['mask'] != unscaled['mask']).sum())
    assert differing > 10
    save('sparseGptDead', tensors, sparsity=sparsity, block=block, damping=damping, differingFromUnscaled=differing)


def best_of_groups(score, keep, of):
    """`keep` of every `of` consecutive inputs (rows) of each output."""
    mask = torch.zeros_like(score, dtype=torch.uint8)
    for begin in range(0, score.shape[0], of):
        for j in range(score.shape[1]):
            group = score[begin : begin + of, j]
            mask[begin : begin + of, j] = top(group, keep)
            require_clear(group, mask[begin : begin + of, j])
    return mask


def wanda_groups(keep, of):
    x, w = layer(3)
    score = w.abs() * x.flatten(0, 1).norm(dim=0)[:, None]
    mask = best_of_groups(score, keep, of)
    save('wandaGroups', {'x': x, 'w': w, 'score': score, 'mask': mask, 'pruned': w * mask}, keep=keep, of=of)


def sparse_gpt_groups(keep, of, block, damping=0.01):
    """As `sparse_gpt`, but a group of inputs is chosen, output by output, when its first input is reached, by the
    weights as the inputs before it left them."""
    x, start = (part.double() for part in layer(4))
    w = start.clone()
    _, upper = damped_hessian(x, w, damping)
    mask = torch.zeros_like(w, dtype=torch.uint8)
    inputs, outputs = w.shape
    for begin in range(0, inputs, block):
        end = min(begin + block, inputs)
        errors = torch.zeros((end - begin, outputs), dtype=torch.float64)
        for i in range(begin, end):
            if i % of == 0:
                mask[i : i + of] = best_of_groups(
                    w[i : i + of] ** 2 / upper.diagonal()[i : i + of, None] ** 2, keep, of
                )
            kept = w[i] * mask[i]
            errors[i - begin] = (w[i] - kept) / upper[i, i]
            w[i:end] -= upper[i, i:end, None] * errors[i - begin]
            w[i] = kept
        w[end:] -= upper[begin:end, end:].T @ errors
    assert lost(x, start, w) < lost(x, start, start * mask)
    save(
        'sparseGptGroups',
        {'x': x, 'w': start, 'mask': mask, 'pruned': w},
        keep=keep,
        of=of,
        block=block,
        damping=damping,
    )



def ria(sparsity, power=0.5):
    """Relative importance and activations (Zhang et al., ICLR 2024): |w| over the sums of its output and of its input,
    times the norm of the input to a power, compared within the matrix."""
    x, w = layer(5)
    size = w.abs()
    shares = size / size.sum(dim=0, keepdim=True) + size / size.sum(dim=1, keepdim=True)
    score = shares * x.flatten(0, 1).norm(dim=0)[:, None] ** power
    mask = top(score.flatten(), kept_count(w.numel(), sparsity)).reshape(w.shape)
    require_clear(score.flatten(), mask.flatten())
    save('ria', {'x': x, 'w': w, 'score': score, 'mask': mask}, sparsity=sparsity)


wanda(0.5)
sparse_gpt(0.5, block=8)
sparse_gpt_dead(0.5, block=16)
wanda_groups(2, 4)
sparse_gpt_groups(2, 4, block=8)
ria(0.5)
