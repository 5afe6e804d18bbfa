"""SNIP (Lee et al., arXiv:1810.02340): |w g|, g the mean over batches before the absolute value; one cut, three
batches."""

import torch

from vector import NAMES, Network, Trace, flat, kept_count, require_clear, split, top


def make(name, scope, sparsity):
    net, batches = Network(seed=5), 3
    trace, total, history = Trace(net.weights), torch.zeros(net.size), []
    ones = torch.ones(net.size, dtype=torch.uint8)
    for i in range(batches):
        grads = net.gradients(net.weights, net.batch())
        history += [flat(net.weights), flat(grads)]
        total = total + flat(grads)
        score = (flat(net.weights) * (total / (i + 1))).abs()
        if i + 1 < batches:
            trace.add(net.weights, grads, score, ones)
            continue
        trace.add(net.weights, grads, score, cut(net, score, scope, sparsity, torch.stack(history)))
    trace.save(name, method='snip', knobs={'batches': batches, 'sparsity': sparsity, 'scope': scope})


def cut(net, score, scope, sparsity, history):
    if scope == 'global':
        mask = top(score, kept_count(net.size, sparsity))
        require_clear(score, mask, history)
        return mask
    parts = []
    for name in NAMES:
        part = split(score, net.weights)[name].flatten()
        parts.append(top(part, kept_count(part.numel(), sparsity)))
        require_clear(part, parts[-1])
    return torch.cat(parts)


# 48 + 56 + 28 = 132 weights. Global: round(0.35 * 132) = round(46.2) = 46 stay. By layer 12 + 14 + 7 = 33 of them.
make('snip', 'global', 0.65)
make('snipByLayer', 'layer', 0.75)
# 93 % of 132 are 122.76: 123 stay, so 9 go: of the weights that score exactly 0 only those with the highest indices.
make('snipTies', 'global', 0.07)
