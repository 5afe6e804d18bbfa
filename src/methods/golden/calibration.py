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


def damped_hessian(x, w, damping):
    """H = 2/n sum x x^T, damped, and U upper with U^T U = H^-1. Inputs that were never there get weight 0 in `w`, in place."""
    hessian = 2 / TOKENS * x.T @ x
    dead = hessian.diagonal() == 0
    hessian[dead, dead] = 1
    w[dead] = 0
    hessian += damping * hessian.diagonal().mean() * torch.eye(INPUTS, dtype=torch.float64)
    return hessian, torch.linalg.cholesky(torch.cholesky_inverse(torch.linalg.cholesky(hessian)), upper=True)


def sparse_gpt(sparsity, block, damping=0.01):
    """Columns of the paper are inputs here. In every block the lowest
    w^2 / U_jj^2 go, all outputs together; what an input loses is made up for by the inputs behind it."""
    x, start = (part.double() for part in layer(2))
    w = start.clone()
    hessian, upper = damped_hessian(x, w, damping)
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


def best_of_groups(score, keep, of):
    """`keep` of every `of` consecutive inputs (rows) of each output."""
    mask = torch.zeros_like(score, dtype=torch.uint8)
    for begin in range(0, score.shape[0], of):
        for j in range(score.shape[1]):
            group = score[begin:begin + of, j]
            mask[begin:begin + of, j] = top(group, keep)
            require_clear(group, mask[begin:begin + of, j])
    return mask


def wanda_groups(keep, of):
    x, w = layer(3)
    score = w.abs() * x.norm(dim=0)[:, None]
    mask = best_of_groups(score, keep, of)
    save('wandaGroups', {'x': x, 'w': w, 'score': score, 'mask': mask, 'pruned': w * mask}, keep=keep, of=of)


def sparse_gpt_groups(keep, of, block, damping=0.01):
    """As `sparse_gpt`, but a group of inputs is chosen, output by output, when its first input is reached, by the weights as the inputs
    before it left them."""
    x, start = (part.double() for part in layer(4))
    w = start.clone()
    _, upper = damped_hessian(x, w, damping)
    mask = torch.zeros_like(w, dtype=torch.uint8)
    for begin in range(0, INPUTS, block):
        end = min(begin + block, INPUTS)
        errors = torch.zeros((end - begin, OUTPUTS), dtype=torch.float64)
        for i in range(begin, end):
            if i % of == 0:
                mask[i:i + of] = best_of_groups(w[i:i + of] ** 2 / upper.diagonal()[i:i + of, None] ** 2, keep, of)
            kept = w[i] * mask[i]
            errors[i - begin] = (w[i] - kept) / upper[i, i]
            w[i:end] -= upper[i, i:end, None] * errors[i - begin]
            w[i] = kept
        w[end:] -= upper[begin:end, end:].T @ errors
    lost = lambda pruned: float((x @ pruned - x @ start).square().sum())
    assert lost(w) < lost(start * mask)
    save('sparseGptGroups', {'x': x, 'w': start, 'mask': mask, 'pruned': w}, keep=keep, of=of, block=block, damping=damping)


wanda(0.5)
sparse_gpt(0.5, block=8)
wanda_groups(2, 4)
sparse_gpt_groups(2, 4, block=8)
