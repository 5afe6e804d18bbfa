#!/usr/bin/env python3
"""PyTorch's column of the benchmark: the same models, weights, batches and cuts as `npm run bench -- --export FOLDER`
wrote.

    python3 scripts/bench_torch.py FOLDER torch.json [--device cuda] [--rounds 15]
    npm run bench -- --from bench.json --torch torch.json --json bench.json --markdown docs/performance.md

A step is what the other peers do: forward, backward, AdamW, SEVEN's statistics (docs/algorithms.md 1.2), exact global
top-K, mask. `torchEager` runs it operation by operation; `torchCompiled` compiles loss and gradient (mode
reduce-overhead, which replays CUDA graphs) and the statistics. The file is written anew after each of them, so that
what was measured is kept when compiling takes too long. It needs PyTorch alone.
"""

import argparse
import json
import math
import os
import statistics
import struct
import sys
import time
from pathlib import Path

import torch
import torch.nn.functional as F


def read_safetensors(path):
    """Tensors by name, all float32, and the metadata."""
    data = bytearray(path.read_bytes())
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    meta = header.pop("__metadata__")
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        flat = torch.frombuffer(data, dtype=torch.float32, count=(end - begin) // 4, offset=8 + length + begin)
        tensors[name] = flat.reshape(entry["shape"]).clone()
    return tensors, meta


def linear(p, name, x):
    return F.linear(x, p[name + "/weights"].t(), p[name + "/bias"])


def norm(p, name, x, epsilon):
    return F.layer_norm(x, x.shape[-1:], p[name + "/scale"], p[name + "/shift"], epsilon)


def attention(p, name, x, heads, real=None):
    batch, tokens, width = x.shape
    q, k, v = (
        linear(p, f"{name}/attention/{part}", x).view(batch, tokens, heads, -1).transpose(1, 2)
        for part in ("query", "key", "value")
    )
    mask = None if real is None else real[:, None, None, :]
    if hasattr(F, "scaled_dot_product_attention"):
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    else:
        scores = q @ k.transpose(2, 3) / math.sqrt(width // heads)
        mixed = (scores if mask is None else scores.masked_fill(~mask, -1e9)).softmax(-1) @ v
    return linear(p, f"{name}/attention/output", mixed.transpose(1, 2).reshape(batch, tokens, width))


def mlp(p, name, x):
    return linear(p, f"{name}/mlp/out", F.gelu(linear(p, f"{name}/mlp/in", x)))


def vit(p, images, sizes):
    batch, height, width, channels = images.shape
    side = sizes["patch"]
    x = images.view(batch, height // side, side, width // side, side, channels).permute(0, 1, 3, 2, 4, 5)
    x = linear(p, "embed", x.reshape(batch, -1, side * side * channels))
    if sizes["pool"] == "class":
        x = torch.cat([p["token"].expand(batch, 1, -1), x], 1)
    x = x + p["positions"]
    for i in range(sizes["depth"]):
        name = f"block{i}"
        x = x + attention(p, name, norm(p, f"{name}/norm1", x, 1e-6), sizes["heads"])
        x = x + mlp(p, name, norm(p, f"{name}/norm2", x, 1e-6))
    x = norm(p, "norm", x, 1e-6)
    return linear(p, "head", x[:, 0] if sizes["pool"] == "class" else x.mean(1))


def bert(p, ids, sizes):
    real = ids != 0
    x = F.embedding(ids, p["embed/tokens"]) + p["embed/positions"] + p["embed/segments"][0]
    x = norm(p, "embed/norm", x, 1e-12)
    for i in range(sizes["depth"]):
        name = f"block{i}"
        x = norm(p, f"{name}/norm1", x + attention(p, name, x, sizes["heads"], real), 1e-12)
        x = norm(p, f"{name}/norm2", x + mlp(p, name, x), 1e-12)
    return linear(p, "head", torch.tanh(linear(p, "pooler", x[:, 0])))


@torch.no_grad()
def observe(weights, grads, means, squares, importances, alpha1, alpha2, fix_mean, fix_square):
    for w, g, m, v, i in zip(weights, grads, means, squares, importances):
        a = g.abs()
        m.mul_(alpha1).add_(a, alpha=1 - alpha1)
        v.mul_(alpha2).addcmul_(a, a, value=1 - alpha2)
        i.add_((w * a).abs() * (m * fix_mean) / ((v * fix_square).sqrt() + 1e-9))


@torch.no_grad()
def cut(weights, importances, kept):
    threshold = torch.topk(torch.cat([i.flatten() for i in importances]), kept, sorted=True).values[-1]
    for w, i in zip(weights, importances):
        stays = i >= threshold
        w.mul_(stays)
        i.mul_(stays)


class Trainer:
    def __init__(self, tensors, plan, device, compiled):
        self.plan = plan
        forward, number = (vit, torch.float32) if plan["model"] == "vitTiny" else (bert, torch.int64)
        of = lambda i, part, dtype: tensors[f"batch{i}/{part}"].to(device=device, dtype=dtype)
        self.batches = [(of(i, "inputs", number), of(i, "labels", torch.int64)) for i in range(plan["batches"])]
        self.params = {n: tensors[n].to(device, copy=True).requires_grad_() for n in plan["tensors"]}
        self.weights = [self.params[n] for n in plan["prunable"]]
        self.state = [[torch.zeros_like(w, requires_grad=False) for w in self.weights] for _ in range(3)]
        fused = {"fused": True} if device == "cuda" else {}
        self.optimizer = torch.optim.AdamW(
            self.params.values(),
            lr=plan["rate"],
            betas=(plan["beta1"], plan["beta2"]),
            eps=1e-8,
            weight_decay=0,
            **fused,
        )
        self.loss_of = lambda p, x, y: F.cross_entropy(forward(p, x, plan["values"]), y)
        self.observe = observe
        if compiled:
            self.loss_of = torch.compile(self.loss_of, mode="reduce-overhead")
            self.observe = torch.compile(observe)
        self.device = device

    def step(self, step):
        plan = self.plan
        x, y = self.batches[step % len(self.batches)]
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.loss_of(self.params, x, y)
        loss.backward()
        self.optimizer.step()
        fixes = [torch.tensor(1 / (1 - a ** (step + 1)), device=self.device) for a in (plan["alpha1"], plan["alpha2"])]
        self.observe(self.weights, [w.grad for w in self.weights], *self.state, plan["alpha1"], plan["alpha2"], *fixes)
        cut(self.weights, self.state[2], plan["kept"][min(step, len(plan["kept"]) - 1)])
        return loss


def timed(tensors, plan, device, compiled, rounds):
    """Losses of ten steps, and times in milliseconds."""
    wait = torch.cuda.synchronize if device == "cuda" else lambda: None
    begun = time.perf_counter()
    trainer = Trainer(tensors, plan, device, compiled)
    losses = [float(trainer.step(0))]
    first = time.perf_counter() - begun
    losses += [float(trainer.step(i)) for i in range(1, 10)]
    at, per_round, times = 10, 1, []
    for round_ in range(rounds + 1):
        wait()
        begun = time.perf_counter()
        for _ in range(per_round):
            loss = trainer.step(at)
            at += 1
        float(loss)
        wait()
        spent = (time.perf_counter() - begun) / per_round
        if round_ > 0:
            times.append(1000 * spent)
        per_round = max(1, min(64, round(0.2 / spent)))
    low, middle, high = statistics.quantiles(times, n=4, method="inclusive") if len(times) > 1 else times * 3
    memory = torch.cuda.max_memory_allocated() if device == "cuda" else None
    return losses, {
        "msPerStep": middle,
        "spread": high - low,
        "jsMsPerStep": None,
        "dispatches": None,
        "submits": None,
        "gpuBytes": memory,
        "firstStepMs": 1000 * first,
    }


def attempt(tensors, plan, options, compiled):
    """Losses and times, or in a line why there are none: a compiler that is missing must not cost the rest."""
    try:
        losses, times = timed(tensors, plan, options.device, compiled, options.rounds)
        return {"losses": losses, "times": times}
    except Exception as error:
        lines = str(error).strip().splitlines()
        return {"error": f"{type(error).__name__}: {lines[0] if lines else ''}"}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("file", type=Path)
    parser.add_argument("--workloads", default="", help="comma-separated, in the order to run them; all if left out")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.set_num_threads(os.cpu_count())
    name = (
        torch.cuda.get_device_name()
        if options.device == "cuda"
        else f"the processor ({torch.get_num_threads()} threads)"
    )
    peers = {
        "torchEager": False,
        **({"torchCompiled": True} if hasattr(torch, "compile") and options.device == "cuda" else {}),
    }
    names = [n for n in options.workloads.split(",") if n] or sorted(p.stem for p in options.folder.glob("*.safetensors"))
    runs = {workload: {} for workload in names}
    for peer, compiled in peers.items():
        for workload in names:
            print(f"{workload}: {peer}", file=sys.stderr)
            tensors, meta = read_safetensors(options.folder / f"{workload}.safetensors")
            runs[workload][peer] = attempt(tensors, json.loads(meta["plan"]), options, compiled)
            workloads = [{"name": n, "runs": r} for n, r in runs.items()]
            result = {"device": name, "torch": torch.__version__, "workloads": workloads}
            aside = options.file.with_suffix(".part")
            aside.write_text(json.dumps(result, indent=2))
            aside.replace(options.file)


if __name__ == "__main__":
    main()
