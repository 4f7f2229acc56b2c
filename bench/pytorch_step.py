#!/usr/bin/env python3
"""The training step of `triptych bench step` in PyTorch, from the same weights on the same batch.

    ./triptych bench step --dim 192 --depth 12 --heads 3 --batch 128 --threads 2 --json --export step.safetensors
    python3 bench/pytorch_step.py step.safetensors --threads 2
    python3 bench/pytorch_step.py step.safetensors --device cuda --tf32 off

Prints one line of JSON with the keys of `triptych bench step --json`. With `--losses FILE`, which holds the line that
`triptych bench step --json` printed, the losses of the first steps are compared; exit code 1 if one is off.

Needs PyTorch 2.13 or newer and nothing else. The threads of OpenMP wait without spinning (OMP_WAIT_POLICY=PASSIVE,
unless the environment says otherwise), which on two cores is the faster choice, and the fair one beside others.
"""

import argparse
import datetime
import json
import math
import os
import platform
import resource
import statistics
import struct
import sys
import time

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import torch  # noqa: E402  (the wait policy is read when OpenMP starts)
import torch.nn.functional as F  # noqa: E402

FORMAT = "triptych-bench-1"
MEAN = (0.485, 0.456, 0.406)
DEVIATION = (0.229, 0.224, 0.225)
COMPARED = 10
TOLERANCE = 1e-5
TOLERANCE_TF32 = 2e-2
DTYPES = {"F32": torch.float32, "I64": torch.int64}


def read_safetensors(path):
    """Metadata and tensors of a safetensors file: 8 bytes of header length, a JSON header, the data."""
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack_from("<Q", data)
    header = json.loads(data[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    if metadata.get("format") != FORMAT:
        sys.exit(f"{path}: format is {metadata.get('format')}, expected {FORMAT}. Write the file with "
                 "`triptych bench step --export FILE`.")
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        raw = bytearray(data[8 + length + begin : 8 + length + end])
        tensors[name] = torch.frombuffer(raw, dtype=DTYPES[entry["dtype"]]).reshape(entry["shape"]).clone()
    return metadata, tensors


class Block(torch.nn.Module):
    """x + proj(attention(qkv(LN(x)))), then x + fc2(gelu(fc1(LN(x))))."""

    def __init__(self, dim, heads, hidden, eps):
        super().__init__()
        self.heads = heads
        self.norm1 = torch.nn.LayerNorm(dim, eps=eps)
        self.attn = torch.nn.ModuleDict({"qkv": torch.nn.Linear(dim, 3 * dim), "proj": torch.nn.Linear(dim, dim)})
        self.norm2 = torch.nn.LayerNorm(dim, eps=eps)
        self.mlp = torch.nn.ModuleDict({"fc1": torch.nn.Linear(dim, hidden), "fc2": torch.nn.Linear(hidden, dim)})

    def forward(self, x):
        batch, tokens, dim = x.shape
        qkv = self.attn["qkv"](self.norm1(x)).reshape(batch, tokens, 3, self.heads, dim // self.heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4).unbind(0)
        context = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(batch, tokens, dim)
        x = x + self.attn["proj"](context)
        return x + self.mlp["fc2"](F.gelu(self.mlp["fc1"](self.norm2(x))))


class Encoder(torch.nn.Module):
    def __init__(self, m):
        super().__init__()
        dim, patch = int(m["dim"]), int(m["patch"])
        eps = float(m["layer_norm_eps"])
        self.patch = torch.nn.Conv2d(3, dim, patch, patch)
        self.cls = torch.nn.Parameter(torch.empty(1, dim))
        self.positions = torch.nn.Parameter(torch.empty(int(m["tokens"]), dim))
        self.blocks = torch.nn.ModuleList(
            Block(dim, int(m["heads"]), int(m["hidden"]), eps) for _ in range(int(m["depth"])))
        self.norm = torch.nn.LayerNorm(dim, eps=eps)

    def forward(self, images):
        x = self.patch(images).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls.expand(len(x), 1, -1), x], 1) + self.positions
        for block in self.blocks:
            x = block(x)
        return self.norm(x)


class Model(torch.nn.Module):
    def __init__(self, m):
        super().__init__()
        self.encoder = Encoder(m)
        self.head = torch.nn.Linear(int(m["dim"]), int(m["classes"]))

    def forward(self, images):
        return self.head(self.encoder(images)[:, 0])


def load(m, tensors, device):
    """The model with the file's weights; the names are the same, the patch embedding is a convolution."""
    model = Model(m)
    weights = {name: t for name, t in tensors.items() if name not in ("images", "labels")}
    weights["encoder.patch.weight"] = weights["encoder.patch.weight"].reshape(model.encoder.patch.weight.shape)
    model.load_state_dict(weights)
    return model.to(device)


def processor():
    try:
        with open("/proc/cpuinfo") as lines:
            return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor()


def measure(args, m, tensors):
    device = torch.device(args.device)
    begun = time.perf_counter()
    model = load(m, tensors, device)
    images = tensors["images"].to(device)
    labels = tensors["labels"].to(device)
    mean = torch.tensor(MEAN, device=device).reshape(1, 3, 1, 1)
    deviation = torch.tensor(DEVIATION, device=device).reshape(1, 3, 1, 1)
    optimizer = torch.optim.AdamW(model.parameters(), lr=float(m["lr"]), betas=(float(m["beta1"]), float(m["beta2"])),
                                  eps=float(m["adam_eps"]), weight_decay=float(m["weight_decay"]))
    forward = torch.compile(model) if args.compile else model
    bind = time.perf_counter() - begun

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = F.cross_entropy(forward((images - mean) / deviation), labels)
        loss.backward()
        optimizer.step()
        return loss.item()  # waits for the device

    times, losses = [], []
    cpu = 0.0
    for i in range(args.warmup + args.steps):
        if i == args.warmup:
            cpu = time.process_time()
        start = time.perf_counter()
        losses.append(step())
        times.append(1e3 * (time.perf_counter() - start))
    cpu = 1e3 * (time.process_time() - cpu) / args.steps
    measured = times[args.warmup :]
    q1, median, q3 = statistics.quantiles(measured, n=4, method="inclusive") if args.steps > 1 else 3 * measured
    gflop = float(m["gflop"])
    return {
        "framework": "pytorch",
        **{k: m[k] if k == "model" else float(m[k]) if "." in m[k] or "E" in m[k] else int(m[k]) for k in (
            "model", "dim", "depth", "heads", "batch", "tokens", "image", "patch", "classes", "hidden",
            "layer_norm_eps", "lr", "weight_decay", "beta1", "beta2", "adam_eps")},
        "device": args.device,
        "device_description": torch.cuda.get_device_name(device) if device.type == "cuda" else "libtorch, "
        + torch.backends.cpu.get_cpu_capability(),
        "threads": torch.get_num_threads() if device.type == "cpu" else None,
        "compile": args.compile,
        "tf32": args.tf32 if device.type == "cuda" else None,
        "omp_wait_policy": os.environ["OMP_WAIT_POLICY"],
        "steps": args.steps,
        "ms_median": median,
        "ms_q1": q1,
        "ms_q3": q3,
        "ms_min": min(measured),
        "cpu_ms": cpu,
        "gflop": gflop,
        "gflop_per_s": gflop / median * 1e3,
        "images_per_s": int(m["batch"]) / median * 1e3,
        "wait_share": 0.0,
        "bind_ms": 1e3 * bind,
        "first_step_ms": times[0],
        "peak_heap_mb": None,
        "peak_resident_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024e-6,
        "peak_device_mb": torch.cuda.max_memory_allocated() * 1e-6 if device.type == "cuda" else None,
        "parameters": sum(p.numel() for p in model.parameters()),
        "losses": losses[:20],
        "cpu": processor(),
        "cores": os.cpu_count(),
        "load_1m": os.getloadavg()[0],
        "os": platform.platform(),
        "python": platform.python_version(),
        "pytorch": torch.__version__,
        "date": datetime.datetime.now().astimezone().isoformat(timespec="seconds"),
    }


def compare(file, losses, tolerance):
    """Largest relative difference to the first losses of another line of JSON."""
    with open(file) as text:
        lines = [line for line in text if line.startswith("{")]
    theirs = json.loads(lines[-1])["losses"]
    count = min(COMPARED, len(theirs), len(losses))
    pairs = list(zip(losses, theirs))[:count]
    finite = count > 0 and all(x is not None and math.isfinite(x) for pair in pairs for x in pair)
    worst = max(abs(a - b) / abs(b) for a, b in pairs) if finite else math.inf
    print(f"losses of the first {count} steps: largest relative difference {worst:.1e}, allowed {tolerance:.0e}",
          file=sys.stderr)
    return worst <= tolerance


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", help="what `triptych bench step --export FILE` wrote")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--warmup", type=int, default=5)
    parser.add_argument("--device", default="cpu", help="cpu, cuda or cuda:1")
    parser.add_argument("--tf32", choices=("on", "off"), default="off", help="products in TF32, on cuda alone")
    parser.add_argument("--compile", action="store_true", help="torch.compile the forward pass")
    parser.add_argument("--losses", metavar="FILE", help="a line of `triptych bench step --json` to compare with")
    args = parser.parse_args()
    if args.threads < 1 or args.steps < 1 or args.warmup < 0:
        parser.error("--threads and --steps are at least 1, --warmup is at least 0")
    torch.set_num_threads(args.threads)
    torch.backends.cuda.matmul.allow_tf32 = args.tf32 == "on"
    torch.backends.cudnn.allow_tf32 = args.tf32 == "on"
    m, tensors = read_safetensors(args.file)
    result = measure(args, m, tensors)
    print(json.dumps(result))
    tolerance = TOLERANCE_TF32 if result["tf32"] == "on" else TOLERANCE
    if args.losses and not compare(args.losses, result["losses"], tolerance):
        sys.exit(1)


if __name__ == "__main__":
    main()
