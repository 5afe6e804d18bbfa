"""Methods whose pruned weights come back: PLATON, movement pruning, RigL. Each trains a small network with its own
masks."""

import math

import torch

from vector import NAMES, Network, Trace, flat, kept_count, masked, require_clear, split, top, whole_counts


def cubic(step, begin, end, final):
    """Sparsity of Zhu & Gupta from 0 at `begin` to `final` at `end`."""
    progress = min(max((step - begin) / (end - begin), 0), 1)
    return final * (1 - (1 - progress) ** 3)


def by_layer(net, scores, counts, history=None):
    parts, at = [], 0
    for name, part in split(scores, net.weights).items():
        parts.append(top(part.flatten(), counts[name]))
        columns = None if history is None else torch.stack(history)[:, at : at + part.numel()]
        require_clear(part.flatten(), parts[-1], columns)
        at += part.numel()
    return torch.cat(parts)


def platon(b1=0.85, b2=0.95, window=2, sparsity=0.75):
    """Upper confidence bound (Zhang et al., arXiv:2206.12562): I = |w g| averaged over a window, w where g was taken;
    after each window Ibar = b1 Ibar + (1 - b1) I and U = b2 U + (1 - b2) |I - Ibar|; score Ibar U. The mask changes
    after windows from step 3 on, from step 8 on at every step. Pruned weights are zeroed at mask changes and train on
    in between."""
    net, steps, first, last = Network(seed=21), 12, 3, 8
    trace, theta = Trace(net.weights), {name: w.clone().requires_grad_() for name, w in net.weights.items()}
    optimizer = torch.optim.Adamax(theta.values(), lr=0.02)
    mean, uncertainty, gathered, mask = (
        torch.zeros(net.size),
        torch.zeros(net.size),
        [],
        torch.ones(net.size, dtype=torch.uint8),
    )
    history = []
    for t in range(steps):
        before = {name: w.detach().clone() for name, w in theta.items()}
        grads = net.gradients(before, net.batch())
        gathered.append((flat(before) * flat(grads)).abs())
        history.append(gathered[-1])
        for name in NAMES:
            theta[name].grad = grads[name]
        optimizer.step()
        weights, score = {name: w.detach().clone() for name, w in theta.items()}, None
        if len(gathered) == window:
            sensitivity, gathered = torch.stack(gathered).mean(0), []
            mean = b1 * mean + (1 - b1) * sensitivity
            uncertainty = b2 * uncertainty + (1 - b2) * (sensitivity - mean).abs()
        if t >= last or (t >= first and not gathered):
            score = mean * uncertainty
            mask = top(score, kept_count(net.size, cubic(t + 1, first, last + 1, sparsity)))
            require_clear(score, mask, torch.stack(history))
            with torch.no_grad():
                for name, part in split(mask, net.weights).items():
                    theta[name] *= part
        trace.add(weights, grads, score, mask)
    trace.save(
        'platon',
        method='platon',
        knobs={'sparsity': sparsity, 'begin': 0.25, 'end': 0.75, 'every': window, 'beta1': b1, 'beta2': b2},
    )


def movement(optimizer_of_scores, sparsity=0.75, rate=0.01):
    """Movement pruning, hard (Sanh et al., arXiv:2005.07683): S moves by -g w, w latent and where g was taken; the
    largest S stay, matrix by matrix; latent weights of pruned entries stand still."""
    net, steps, first, last, every = Network(seed=31), 12, 3, 8, 2
    trace, theta = Trace(net.weights), {name: w.clone().requires_grad_() for name, w in net.weights.items()}
    optimizer = torch.optim.Adam(theta.values(), lr=0.02)
    scores = torch.zeros(net.size, requires_grad=True)
    learner = (
        torch.optim.SGD([scores], lr=rate) if optimizer_of_scores == 'sgd' else torch.optim.Adam([scores], lr=rate)
    )
    mask, history = torch.ones(net.size, dtype=torch.uint8), []
    for t in range(steps):
        latent = {name: w.detach().clone() for name, w in theta.items()}
        grads = net.gradients(masked(latent, mask), net.batch())
        scores.grad = flat(grads) * flat(latent)
        history += [flat(latent), flat(grads)]
        learner.step()
        standing = split(mask, net.weights)
        for name, part in standing.items():
            theta[name].grad = grads[name] * part
        optimizer.step()
        with torch.no_grad():
            for name, part in standing.items():
                theta[name].copy_(torch.where(part == 1, theta[name], latent[name]))
        score = scores.detach().clone()
        if (t >= first and (t - first) % every == 0) or t in (last, steps - 1):
            keep = 1 - cubic(t + 1, first, last + 1, sparsity)
            counts = whole_counts(
                {name: keep * w.numel() for name, w in net.weights.items()}, kept_count(net.size, 1 - keep)
            )
            mask = by_layer(net, score, counts, history)
        trace.add({name: w.detach() for name, w in theta.items()}, grads, score, mask)
    knobs = {
        'sparsity': sparsity,
        'scope': 'layer',
        'begin': 0.25,
        'end': 0.75,
        'every': every,
        'rate': rate,
        'adam': optimizer_of_scores == 'adam',
    }
    trace.save(f'movement{optimizer_of_scores.capitalize()}', method='movement', knobs=knobs)


def rigl(sparsity=0.5, alpha=0.6, every=2, stop=0.75):
    """RigL (Evci et al., arXiv:1911.11134): every few steps each layer drops its smallest |w| and grows as many by |g|,
    among all that it does not keep, the dropped ones included; f = alpha / 2 (1 + cos(pi u / T)) after u optimizer
    steps. Starts from a random mask."""
    net, steps = Network(seed=41), 12
    horizon = round(stop * steps)
    trace = Trace(net.weights)
    mask = by_layer(
        net,
        torch.rand(net.size, generator=net.random),
        {name: kept_count(w.numel(), sparsity) for name, w in net.weights.items()},
    )
    trace.initial_mask(mask)
    theta = masked(net.weights, mask)
    velocity = {name: torch.zeros_like(w) for name, w in theta.items()}
    returned = 0
    for t in range(steps):
        grads = net.gradients(theta, net.batch())
        for name, part in split(mask, net.weights).items():
            velocity[name] = (0.9 * velocity[name] + grads[name]) * part
            theta[name] = (theta[name] - 0.1 * velocity[name]) * part
        weights, score, grow, before = {name: w.clone() for name, w in theta.items()}, None, None, mask
        if (t + 1) % every == 0 and t < horizon:
            share = alpha / 2 * (1 + math.cos(math.pi * (t + 1) / horizon))
            kept, grown = (
                torch.cat(parts)
                for parts in zip(
                    *(
                        exchanged(theta[name].flatten(), grads[name].flatten(), part.flatten(), share)
                        for name, part in split(mask, net.weights).items()
                    )
                )
            )
            mask = kept | grown
            grow = torch.where(kept == 0, flat(grads).abs(), torch.tensor(math.nan))
            score = torch.where(before == 1, flat(weights).abs(), torch.tensor(math.nan))
            for name, part in split(mask, net.weights).items():
                theta[name], velocity[name] = theta[name] * part, velocity[name] * part
            returned += int(((mask == 1) & (before == 0)).sum())
        trace.add(weights, grads, score, mask, grow)
    assert returned > 10
    knobs = {'sparsity': sparsity, 'scope': 'layer', 'every': every, 'share': alpha, 'stop': stop}
    trace.save('rigl', method='rigl', knobs=knobs)


def exchanged(w, g, mask, share):
    """What one layer keeps and what it grows instead of the rest."""
    active = int(mask.sum())
    drop = math.floor(share * active)
    kept = top(w.abs(), active - drop, rank_last=mask == 0)
    require_clear(torch.where(mask == 1, w.abs(), -torch.ones_like(w)), kept)
    grown = top(g.abs(), drop, rank_last=kept == 1)
    require_clear(torch.where(kept == 0, g.abs(), -torch.ones_like(g)), grown)
    return kept, grown


platon()
movement('sgd')
movement('adam')
rigl()
