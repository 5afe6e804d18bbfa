"""SEVENdyn and the reconstruction of SEVENpre (Xiao et al., arXiv:2403.12688), docs/algorithms.md 1.2 and 1.3."""

import math

import torch

from vector import Network, Trace, flat, masked, require_clear, split, top

A1, A2 = 0.8, 0.9


class Importance:
    """The recursion of the released code, with the schedule of a window of `iterations`."""

    def __init__(self, size, iterations, sparsity):
        self.m, self.v, self.importance = torch.zeros(size), torch.zeros(size), torch.zeros(size)
        self.mask = torch.ones(size, dtype=torch.uint8)
        self.size, self.iterations, self.keep, self.i, self.history = size, iterations, 1 - sparsity, 0, []

    def update(self, w, g, last):
        """Scores after this step and the new mask. `last`: the end of the window lands on the target exactly."""
        dead = self.mask == 0
        a = torch.where(dead, torch.zeros(self.size), g.abs())
        self.history += [w, a]
        self.m = A1 * self.m + (1 - A1) * a
        self.v = A2 * self.v + (1 - A2) * a * a
        mean = self.m / (1 - A1 ** (self.i + 1))
        root = torch.sqrt(self.v / (1 - A2 ** (self.i + 1))) + 1e-9
        self.importance = self.importance + (w * a * mean / root).abs()
        self.importance[dead] = 0
        released = self.keep + (1 - self.keep) * (1 - (self.i + 1) / self.iterations) ** 3
        ratio = self.keep if last else released
        # The released code stops (1 - k) / N^3 above its target: in this trace that is less than a weight, so both
        # agree.
        assert math.floor(released * self.size) == math.floor(ratio * self.size + 1e-6)
        score = self.importance.clone()
        score[dead] = math.nan
        self.mask = top(self.importance, math.floor(ratio * self.size + 1e-6), rank_last=dead)
        require_clear(torch.where(dead, -torch.ones(self.size), self.importance), self.mask, torch.stack(self.history))
        self.i += 1
        return score, self.mask


def dynamic():
    """Twelve steps of Adam; window [0.25, 0.75) of the run: steps 3 to 8, six updates, so N = 7."""
    net, steps, first, last, sparsity = Network(seed=11), 12, 3, 8, 0.7
    trace = Trace(net.weights)
    theta = {name: w.clone().requires_grad_() for name, w in net.weights.items()}
    optimizer = torch.optim.Adam(theta.values(), lr=0.02)
    seven = Importance(net.size, last - first + 2, sparsity)
    for t in range(steps):
        grads = net.gradients(masked(theta, seven.mask), net.batch())
        for name, part in split(seven.mask, net.weights).items():
            theta[name].grad = grads[name] * part
        optimizer.step()
        with torch.no_grad():
            for name, part in split(seven.mask, net.weights).items():
                theta[name] *= part
        weights = {name: w.detach() for name, w in theta.items()}
        score, mask = seven.update(flat(weights), flat(grads), t == last) if first <= t <= last else (None, seven.mask)
        trace.add(weights, grads, score, mask)
    trace.save(
        'sevenDyn',
        method='sevenDyn',
        knobs={'sparsity': sparsity, 'begin': 0.25, 'end': 0.75, 'alpha1': A1, 'alpha2': A2},
    )


def before():
    """Eight batches at fixed weights, cubic over the batches: the last ratio is k exactly."""
    net, batches, sparsity = Network(seed=3), 8, 0.8
    trace, seven = Trace(net.weights), Importance(net.size, batches, sparsity)
    for i in range(batches):
        grads = net.gradients(masked(net.weights, seven.mask), net.batch())
        weights = masked(net.weights, seven.mask)
        score, mask = seven.update(flat(weights), flat(grads), i == batches - 1)
        trace.add(weights, grads, score, mask)
    trace.save(
        'sevenPre', method='sevenPre', knobs={'sparsity': sparsity, 'batches': batches, 'alpha1': A1, 'alpha2': A2}
    )


dynamic()
before()
