"""SR-STE (Zhou et al., arXiv:2102.04010) as an autograd function, as in its released code: forwards the N largest of M
neighbouring inputs, backwards the dense gradient and the pull on what is outside the mask."""

import torch

from vector import NAMES, Network, Trace


def best_of(w, keep, of):
    """1 for the `keep` largest |w| of every `of` consecutive inputs of each output, ties to the first; a last group that
    is shorter keeps its share rounded up."""
    mask = torch.zeros(w.shape, dtype=torch.uint8)
    for column in range(w.shape[1]):
        for begin in range(0, w.shape[0], of):
            group = w[begin : begin + of, column].abs()
            count = -(-keep * len(group) // of)
            order = sorted(range(len(group)), key=lambda i: (-float(group[i]), i))
            mask[[begin + i for i in order[:count]], column] = 1
    return mask


class Sparse(torch.autograd.Function):
    @staticmethod
    def forward(context, w, mask, pull):
        context.save_for_backward(w, mask)
        context.pull = pull
        return w * mask

    @staticmethod
    def backward(context, grad):
        w, mask = context.saved_tensors
        return grad + context.pull * (1 - mask) * w, None, None


def sr_ste(keep=2, of=4, pull=0.3, rate=0.1):
    net, steps = Network(seed=51), 12
    trace, theta = Trace(net.weights), {name: w.clone().requires_grad_() for name, w in net.weights.items()}
    optimizer = torch.optim.SGD(theta.values(), lr=rate, momentum=0.9)
    changed = 0
    for t in range(steps):
        masks = {name: best_of(w.detach(), keep, of) for name, w in theta.items()}
        x, labels = batch = net.batch()
        grads = net.gradients({name: w.detach() * masks[name] for name, w in theta.items()}, batch)
        optimizer.zero_grad()
        read = {name: Sparse.apply(w, masks[name], pull) for name, w in theta.items()}
        torch.nn.functional.cross_entropy(net.forward(x, read), labels).backward()
        optimizer.step()
        weights = {name: w.detach().clone() for name, w in theta.items()}
        after = {name: best_of(w, keep, of) for name, w in weights.items()}
        changed += sum(int((after[name] != masks[name]).sum()) for name in NAMES)
        trace.add(weights, grads, {name: w.abs() for name, w in weights.items()}, after)
        for name, w in theta.items():
            trace.tensors[f'{t:06d}/velocity/{name}'] = optimizer.state[w]['momentum_buffer'].clone()
    assert changed > 10
    trace.save('srSte', method='srSte', knobs={'n': keep, 'm': of, 'pull': pull})


sr_ste()
