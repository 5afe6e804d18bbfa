"""Gradual magnitude pruning (Zhu & Gupta, arXiv:1710.01878) with Erdos-Renyi densities (Evci et al., arXiv:1911.11134,
section 3)."""

import math

import torch

from vector import Network, Trace, kept_count, masked, require_clear, split, top, whole_counts

STEPS, FIRST, LAST, EVERY = 12, 3, 8, 2


def erk_counts(weights, sparsity):
    """density = e (in + out) / (in out), e solved for the total; none is above 1 here."""
    size = sum(w.numel() for w in weights.values())
    e = (1 - sparsity) * size / sum(sum(w.shape) for w in weights.values())
    shares = {name: e * sum(w.shape) for name, w in weights.items()}
    assert all(shares[name] <= w.numel() for name, w in weights.items())
    return whole_counts(shares, kept_count(size, sparsity))


def make(sparsity):
    net = Network(seed=51)
    trace, theta = Trace(net.weights), {name: w.clone().requires_grad_() for name, w in net.weights.items()}
    optimizer = torch.optim.AdamW(theta.values(), lr=0.03, weight_decay=0.1)
    mask = torch.ones(net.size, dtype=torch.uint8)
    for t in range(STEPS):
        grads = net.gradients(masked(theta, mask), net.batch())
        for name, part in split(mask, net.weights).items():
            theta[name].grad = grads[name] * part
        optimizer.step()
        with torch.no_grad():
            for name, part in split(mask, net.weights).items():
                theta[name] *= part
        weights, score = {name: w.detach().clone() for name, w in theta.items()}, None
        if t == LAST or (FIRST <= t < LAST and (t - FIRST) % EVERY == 0):
            counts = erk_counts(net.weights, sparsity * (1 - (1 - (t + 1 - FIRST) / (LAST + 1 - FIRST)) ** 3))
            before = split(mask, net.weights)
            score = {
                name: torch.where(before[name] == 1, w.abs(), torch.tensor(math.nan)) for name, w in weights.items()
            }
            mask = torch.cat(
                [thinned(weights[name].flatten(), before[name].flatten(), counts[name]) for name in weights]
            )
        trace.add(weights, grads, score, mask)
    knobs = {'sparsity': sparsity, 'scope': 'erk', 'schedule': 'gradual', 'begin': 0.25, 'end': 0.75, 'every': EVERY}
    trace.save('magnitude', method='magnitude', knobs=knobs)


def thinned(w, mask, count):
    thinner = top(w.abs(), count, rank_last=mask == 0)
    # Units 6 and 7 are twins, so their weights tie; the lower index stays.
    require_clear(torch.where(mask == 1, w.abs(), -torch.ones_like(w)), thinner, w[None])
    return thinner


make(0.8)
