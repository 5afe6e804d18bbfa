"""oBERT (Kurtic et al., arXiv:2203.07259): blocks of the empirical Fisher matrix inverted at once, scores, cut and update
in float64. A weight's block is that of the parameter of torch.nn.Linear, [out, in], flattened."""

import torch

from vector import Network, kept_count, require_clear, save, top


def blocks_of(size, block):
    return [slice(begin, min(begin + block, size)) for begin in range(0, size, block)]


def inverse_fisher(grads, block, damping):
    """Blocks of (damping I + 1/m sum g g^T)^-1 for grads [m, size], on a matrix [size, size]."""
    size = grads.shape[1]
    inverse = torch.zeros((size, size), dtype=torch.float64)
    for part in blocks_of(size, block):
        g = grads[:, part]
        fisher = damping * torch.eye(g.shape[1], dtype=torch.float64) + g.T @ g / len(grads)
        inverse[part, part] = torch.linalg.inv(fisher)
    return inverse


def o_bert(block=10, batches=20, damping=1e-3, sparsities=(0.5, 0.75)):
    net = Network(seed=61)
    weights = {name: w.clone() for name, w in net.weights.items()}
    mask, tensors = torch.ones(net.size, dtype=torch.uint8), {}
    eps = torch.finfo(torch.float32).eps
    for cut, sparsity in enumerate(sparsities):
        grads = [net.gradients(weights, net.batch()) for _ in range(batches)]
        before, at, parts = mask, 0, {}
        for name, w in weights.items():
            own = before[at : at + w.numel()].reshape(w.shape)
            flat = torch.stack([(g[name] * own).T.flatten() for g in grads]).double()
            inverse = inverse_fisher(flat, block, damping)
            parts[name] = (w.T.flatten().double(), own.T.flatten(), inverse)
            at += w.numel()
        score = {}
        for name, (w, own, inverse) in parts.items():
            ranked = torch.where(own == 1, w**2 / (2 * inverse.diag() + eps), torch.tensor(-1.0, dtype=torch.float64))
            score[name] = ranked.reshape(weights[name].T.shape).T
        scores = torch.cat([s.flatten() for s in score.values()])
        mask = top(scores, kept_count(net.size, sparsity))
        require_clear(scores, mask)
        at = 0
        for name, (w, own, inverse) in parts.items():
            shape = weights[name].shape
            left = mask[at : at + w.numel()].reshape(shape)
            at += w.numel()
            assert left.sum() > 0
            lost = w * (own == 1) * (left.T.flatten() == 0)
            moved = w - inverse @ (lost / (inverse.diag() + eps))
            after = (moved.reshape(weights[name].T.shape).T * left).float()
            for kind, value in (('w', weights[name]), ('score', score[name].float()), ('mask', left), ('after', after)):
                tensors[f'{cut}/{kind}/{name}'] = value.clone()
            for i, g in enumerate(grads):
                tensors[f'{cut}/g{i}/{name}'] = g[name]
            weights[name] = after
    save('oBert', tensors, knobs={'block': block, 'batches': batches, 'damping': damping})


o_bert()
