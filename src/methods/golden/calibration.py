"""Wanda (Sun et al., arXiv:2306.11695) and SparseGPT (Frantar & Alistarh, arXiv:2301.00774) on one linear layer.

y = x w with w [in, out], so what the papers call a row (the weights of one output) is a column here.
"""
import torch

from vector import kept_count, require_clear, save, top

INPUTS, OUTPUTS, TOKENS = 24, 10, 48


def layer(seed):
    """Correlated inputs of different sizes, one of them dead, and some weights that are 0 already."""
    random = torch.Generator().manual_seed(seed)
    x = torch.randn((TOKENS, 8), generator=random) @ torch.randn((8, INPUTS), generator=random)
    x = (x + torch.randn((TOKENS, INPUTS), generator=random)) * torch.logspace(-1, 1, INPUTS)
    x[:, 7] = 0
    w = torch.randn((INPUTS, OUTPUTS), generator=random)
    w[2, :3] = 0
    return x, w


def wanda(sparsity):
    """|w_ij| ||x_i||, compared within each output; the lowest go, the others stay as they are."""
    x, w = layer(1)
    norms = x.norm(dim=0)
    score = w.abs() * norms[:, None]
    mask = torch.stack([top(column, kept_count(INPUTS, sparsity)) for column in score.T.contiguous()], dim=1)
    for j in range(OUTPUTS):
        require_clear(score[:, j], mask[:, j])
    save('wanda', {'x': x, 'w': w, 'norms': norms, 'score': score, 'mask': mask, 'pruned': w * mask}, sparsity=sparsity)


def sparse_gpt(sparsity, block, damping=0.01):
    """H = 2/n sum x x^T, damped; U upper with U^T U = H^-1; columns of the paper are inputs here. In every block the lowest
    w^2 / U_jj^2 go, all outputs together; what an input loses is made up for by the inputs behind it."""
    x, start = (part.double() for part in layer(2))
    w = start.clone()
    hessian = 2 / TOKENS * x.T @ x
    dead = hessian.diagonal() == 0
    hessian[dead, dead] = 1
    w[dead] = 0
    hessian += damping * hessian.diagonal().mean() * torch.eye(INPUTS, dtype=torch.float64)
    upper = torch.linalg.cholesky(torch.cholesky_inverse(torch.linalg.cholesky(hessian)), upper=True)
    masks, scores = torch.zeros_like(w, dtype=torch.uint8), torch.zeros_like(w)
    for begin in range(0, INPUTS, block):
        rows = range(begin, min(begin + block, INPUTS))
        score = w[rows.start:rows.stop] ** 2 / upper.diagonal()[rows.start:rows.stop, None] ** 2
        mask = top(score.flatten(), kept_count(score.numel(), sparsity)).reshape(score.shape)
        require_clear(score.flatten(), mask.flatten())
        scores[rows.start:rows.stop], masks[rows.start:rows.stop] = score, mask
        errors = torch.zeros_like(score)
        for i in rows:
            kept = w[i] * masks[i]
            errors[i - begin] = (w[i] - kept) / upper[i, i]
            w[i:rows.stop] -= upper[i, i:rows.stop, None] * errors[i - begin]
            w[i] = kept
        w[rows.stop:] -= upper[rows, rows.stop:].T @ errors
    # The update must pay: the outputs are nearer to the dense layer's than those of the same mask without it.
    lost = lambda pruned: float((x @ pruned - x @ start).square().sum())
    assert lost(w) < lost(start * masks)
    tensors = {'x': x, 'w': start, 'hessian': hessian, 'upper': upper, 'score': scores, 'mask': masks, 'pruned': w}
    save('sparseGpt', tensors, sparsity=sparsity, block=block, damping=damping, lost=lost(w), lostWithoutUpdate=lost(start * masks))


wanda(0.5)
sparse_gpt(0.5, block=8)
