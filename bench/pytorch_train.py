#!/usr/bin/env python3
"""A training of Triptych, taken once more in PyTorch: the same objective, weights and batches, libtorch's autograd and
`torch.optim.AdamW`.

    ./triptych bench step --recipe mae-scenes --warmup 0 --steps 200 --record steps
    python3 bench/pytorch_train.py steps --out curves.csv

Reads what `--record` wrote (start, inputs of each step, losses) and the objectives in TorchScript of
reference-checks/live/torch, trains, and prints one line of JSON: the largest relative difference of the losses over the
first 50 steps and over all, and both losses of some steps. Exit code 1 if a difference of the first 50 is above 1e-3.
MAE and STELLAR (of pixels) are trained here; other methods are refused by name.

Needs PyTorch 2.13 or newer and nothing else.
"""

import argparse
import csv
import glob
import json
import math
import os
import struct
import sys
import typing

import torch

FORMAT = "triptych-steps-1"
COMPARED = 50
TOLERANCE = 1e-3
SHOWN = (1, 2, 5, 10, 20, 50, 100, 150, 200)
DTYPES = {"F32": torch.float32, "I32": torch.int32}
SCRIPTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "reference-checks", "live", "torch")


def read_safetensors(path):
    """Metadata and tensors of a safetensors file: 8 bytes of header length, a JSON header, the data."""
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack_from("<Q", data)
    header = json.loads(data[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    if metadata.get("format") != FORMAT:
        sys.exit(f"{path}: format is {metadata.get('format')}, expected {FORMAT}. Write the folder with "
                 "`triptych bench step --record DIR`.")
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        raw = bytearray(data[8 + length + begin : 8 + length + end])
        tensors[name] = torch.frombuffer(raw, dtype=DTYPES[entry["dtype"]]).reshape(entry["shape"]).clone()
    return metadata, tensors


class Library:
    """`torch` as TorchScript sees it: what Python keeps elsewhere is found by the same name."""

    def __getattr__(self, name):
        if name == "cdist":  # of which TorchScript tells the way to compute by a number
            return torch.ops.aten.cdist
        for place in (torch, torch.nn.functional, torch.ops.aten):
            if hasattr(place, name):
                return getattr(place, name)
        raise AttributeError(f"PyTorch {torch.__version__} has no {name}")


def objective_of(method):
    """The objective of a method, of the files that `reference-live` compiles as TorchScript, run as Python."""
    names = {"torch": Library(), "Tensor": torch.Tensor, "Dict": typing.Dict, "List": typing.List,
             "Tuple": typing.Tuple, "Optional": typing.Optional,
             "annotate": lambda kind, value: value}
    for path in sorted(glob.glob(os.path.join(SCRIPTS, "*.py"))):
        with open(path, encoding="utf-8") as file:
            exec(compile(file.read(), path, "exec"), names)
    return names[method]


def settings(recipe):
    """What the objective in TorchScript is told, by the names that it has there."""
    number = lambda key: float(recipe[key])  # noqa: E731
    truth = lambda key: float(recipe[key] == "true")  # noqa: E731
    s = {"patch": number("encoder.patch"), "heads": number("encoder.heads"), "depth": number("encoder.depth"),
         "eps": number("encoder.layer-norm-eps")}
    if recipe["method"] == "mae":
        s.update(decoder_heads=number("mae.decoder-heads"), decoder_depth=number("mae.decoder-depth"),
                 norm_pixels=truth("mae.norm-pixels"), sine=truth("mae.sine-positions"))
        return s
    if recipe["method"] != "stellar" or number("decoder.codes") != 0:
        sys.exit(f"the recipe is of method {recipe['method']}; expected mae, or stellar of pixels (decoder.codes=0).")
    if recipe["decoder.heads"] != recipe["encoder.heads"]:
        sys.exit(f"decoder.heads is {recipe['decoder.heads']} and encoder.heads {recipe['encoder.heads']}; expected the "
                 "same, because the objective in TorchScript has one number for both.")
    weights = {name: recipe["stellar.weights." + name.replace("_", "-")] for name in (
        "reconstruction", "koleo", "masked_koleo", "clustering", "cls_clustering", "mask", "cls")}
    s.update({name: 10.0 if value == "null" else float(value) for name, value in weights.items()})
    spatial = recipe["stellar.spatial-temperature"]
    s.update(tokens=number("stellar.tokens"), spatial_temperature=0.0 if spatial == "null" else float(spatial),
             match=truth("stellar.match"), masked_views=number("stellar.masked-views"),
             local_crops=number("stellar.local-crops"), direct=float(recipe["decoder.reads"] == "dense"),
             target_temperature=number("stellar.target-temperature"),
             target_iterations=number("stellar.sinkhorn-iterations"), column_power=number("stellar.sinkhorn-scale"),
             logit_temperature=number("stellar.logit-temperature"), matching_eps=number("stellar.match-epsilon"),
             matching_iterations=number("stellar.match-iterations"))
    return s


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", help="what --record wrote")
    arguments.add_argument("--out", help="both curves as CSV")
    arguments.add_argument("--float64", action="store_true", help="compute in float64")
    arguments.add_argument("--threads", type=int, default=1)
    given = arguments.parse_args()
    torch.set_num_threads(given.threads)
    dtype = torch.float64 if given.float64 else torch.float32

    metadata, start = read_safetensors(os.path.join(given.folder, "start.safetensors"))
    recipe = json.loads(metadata["recipe"])
    names = json.loads(metadata["parameters"])["names"]
    s = {name: torch.tensor(value, dtype=torch.float64) for name, value in settings(recipe).items()}
    objective = objective_of(recipe["method"])

    p = {name: tensor.to(dtype) for name, tensor in start.items()}
    for name in names:
        p[name].requires_grad_(True)
    averaged = [name for name in p if name.startswith("teacher.")]
    betas = (float(recipe["optimizer.beta1"]), float(recipe["optimizer.beta2"]))
    optimizer = torch.optim.AdamW([{"params": [p[name]]} for name in names], betas=betas,
                                  eps=float(recipe["optimizer.eps"]))
    clip, limit = recipe["optimizer.clip"], float(recipe["optimizer.clip-norm"])

    losses = []
    for step in range(int(metadata["steps"])):
        _, inputs = read_safetensors(os.path.join(given.folder, f"step-{step:05d}.safetensors"))
        rates = inputs.pop("rates").double()
        inputs = {name: x.to(dtype) if x.is_floating_point() else x.long() for name, x in inputs.items()}
        if "momentum" in inputs:
            with torch.no_grad():
                for name in averaged:
                    p[name] = torch.lerp(p[name[8:]].detach(), p[name], inputs["momentum"])
            inputs["momentum"] = torch.ones(1, dtype=dtype)  # the averages have moved
        loss = objective({**p, **inputs}, s)[0]
        optimizer.zero_grad()
        loss.backward()
        for name in names:
            if p[name].grad is None:
                p[name].grad = torch.zeros_like(p[name])
        if clip == "global":
            torch.nn.utils.clip_grad_norm_([p[name] for name in names], limit)
        elif clip == "per-tensor":
            for name in names:
                torch.nn.utils.clip_grad_norm_([p[name]], limit)
        for group, (lr, decay, _, _) in zip(optimizer.param_groups, rates.tolist()):
            group["lr"] = lr
            group["weight_decay"] = decay / lr if lr > 0 else 0.0
        optimizer.step()
        losses.append(loss.item())

    with open(os.path.join(given.folder, "losses.csv"), encoding="utf-8") as file:
        ours = [float(row["total"]) for row in csv.DictReader(file)]
    off = [abs(a - b) / max(abs(b), 1e-12) for a, b in zip(ours, losses, strict=True)]
    if given.out:
        with open(given.out, "w", encoding="utf-8") as file:
            file.write("step,triptych,pytorch\n")
            file.writelines(f"{i},{a},{b}\n" for i, (a, b) in enumerate(zip(ours, losses)))
    first = max(off[:COMPARED])
    print(json.dumps({
        "method": recipe["method"], "stage": metadata["stage"], "steps": len(ours), "pytorch": torch.__version__,
        "dtype": str(dtype), f"largest difference, first {COMPARED}": first, "largest difference": max(off),
        "losses": {str(n): [ours[n - 1], losses[n - 1]] for n in SHOWN if n <= len(ours)}}))
    sys.exit(0 if math.isfinite(first) and first <= TOLERANCE else 1)


if __name__ == "__main__":
    main()
