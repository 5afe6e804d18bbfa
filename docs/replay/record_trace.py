"""Records a training run for `npm run sentinel -- replay` (docs/replay.md). Needs PyTorch, nothing else.

    python3 docs/replay/record_trace.py trace.safetensors

Trains a small network and prunes it by an implementation of SEVENdyn of its own. The file holds the weights after every
optimizer step and that step's dense gradient, which is all that the replay reads, and the scores and masks computed
here, for compare.py."""

import json
import math
import struct
import sys

import torch


def save_safetensors(path, tensors, metadata):
    """The format of github.com/huggingface/safetensors: header length, JSON header, data; float32 first, then uint8."""
    header, data = {'__metadata__': metadata}, b''
    for name, tensor in sorted(tensors.items(), key=lambda item: item[1].dtype == torch.uint8):
        blob = tensor.detach().cpu().contiguous().numpy().tobytes()
        dtype = {torch.float32: 'F32', torch.uint8: 'U8'}[tensor.dtype]
        header[name] = {'dtype': dtype, 'shape': list(tensor.shape), 'data_offsets': [len(data), len(data) + len(blob)]}
        data += blob
    text = json.dumps(header).encode()
    text += b' ' * (-len(text) % 8)
    with open(path, 'wb') as file:
        file.write(struct.pack('<Q', len(text)) + text + data)


class Recorder:
    """Collects a run: `step` once after every optimizer step, `save` at the end."""

    def __init__(self, prunable, initial):
        self.prunable, self.steps = prunable, 0
        self.tensors = {f'initial/w/{name}': initial[name].detach().clone() for name in prunable}

    def step(self, weights, grads, **own):
        """weights: after the step. grads: dL/d(weight * mask), dense, before clipping. own: score=..., mask=... to
        compare with."""
        for kind, parts in {'w': weights, 'g': grads, **own}.items():
            for name in self.prunable:
                self.tensors[f'{self.steps:06d}/{kind}/{name}'] = parts[name].detach().clone()
        self.steps += 1

    def save(self, path):
        save_safetensors(path, self.tensors, {'prunable': ','.join(self.prunable)})


class SevenDyn:
    """One's own implementation, to be doubted: docs/algorithms.md 1.2, over a flat vector."""

    def __init__(self, size, iterations, sparsity, a1, a2):
        self.m = self.v = self.importance = torch.zeros(size)
        self.mask = torch.ones(size, dtype=torch.uint8)
        self.i, self.iterations, self.keep, self.a1, self.a2 = 0, iterations, 1 - sparsity, a1, a2

    def update(self, w, g):
        a = g.abs() * self.mask
        self.m = self.a1 * self.m + (1 - self.a1) * a
        self.v = self.a2 * self.v + (1 - self.a2) * a * a
        self.i += 1
        noise = (self.v / (1 - self.a2**self.i)).sqrt() + 1e-9
        self.importance = (self.importance + (w * a * self.m / (1 - self.a1**self.i) / noise).abs()) * self.mask
        ratio = self.keep + (1 - self.keep) * (1 - self.i / self.iterations) ** 3
        # Pruned weights rank behind those that score 0; ties go to the lower index, which a stable sort keeps in front.
        ranked = torch.where(self.mask == 1, self.importance, torch.tensor(-1.0))
        order = ranked.sort(descending=True, stable=True).indices
        self.mask = torch.zeros_like(self.mask).index_fill_(0, order[: math.floor(ratio * len(w) + 1e-6)], 1)
        return self.importance


def main(path, steps=60, first=12, last=44, sparsity=0.8):
    torch.manual_seed(0)
    net = torch.nn.Sequential(
        torch.nn.Linear(16, 32), torch.nn.GELU(), torch.nn.Linear(32, 32), torch.nn.GELU(), torch.nn.Linear(32, 4)
    )
    teacher = torch.randn(16, 4)
    latent = dict(net.named_parameters())
    prunable = ['0.weight', '2.weight']
    flat = lambda parts: torch.cat([parts[name].detach().flatten() for name in prunable])
    sizes = [latent[name].numel() for name in prunable]
    split = lambda values: {name: part.view_as(latent[name]) for name, part in zip(prunable, values.split(sizes))}
    recorder, seven = Recorder(prunable, latent), SevenDyn(sum(sizes), last - first + 2, sparsity, 0.8, 0.9)
    optimizer = torch.optim.AdamW(net.parameters(), lr=3e-3)
    for t in range(steps):
        x = torch.randn(32, 16)
        mask = split(seven.mask)
        # The gradient of the masked weight, not of the weight that is multiplied by the mask: that one is 0 where the
        # mask is.
        effective = {
            name: (w * mask[name] if name in mask else w).detach().requires_grad_() for name, w in latent.items()
        }
        loss = torch.nn.functional.cross_entropy(
            torch.nn.utils.stateless.functional_call(net, effective, x), (x @ teacher).argmax(1)
        )
        grads = dict(zip(effective, torch.autograd.grad(loss, list(effective.values()))))
        for name, w in latent.items():
            w.grad = grads[name] * mask[name] if name in mask else grads[name]
        optimizer.step()
        with torch.no_grad():
            for name in prunable:
                latent[name] *= mask[name]
        after = {name: latent[name].detach().clone() for name in prunable}
        own = {'score': split(seven.update(flat(after), flat(grads)))} if first <= t <= last else {}
        recorder.step(after, grads, mask=split(seven.mask), **own)
    recorder.save(path)
    print(f'{path}: {steps} steps, loss {loss.item():.3f}, {int(seven.mask.sum())} of {len(seven.mask)} weights kept')


if __name__ == '__main__':
    main(sys.argv[1] if len(sys.argv) > 1 else 'trace.safetensors')
