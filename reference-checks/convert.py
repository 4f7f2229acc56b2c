"""Published checkpoints (.bin, .pt, .pth, .ckpt of PyTorch) as safetensors, which `./triptych import` reads.

    python reference-checks/convert.py maskgit-vqgan-imagenet-f16-256.bin maskgit-vqgan.safetensors
    python reference-checks/convert.py --prefix state_dict.model. stellar.ckpt stellar.safetensors

Every tensor of floating point is written, or those below a prefix alone and without it; what is left out is counted. Needs
torch and safetensors. Pickled files can run code when they are read: only tensors are allowed here (`weights_only`).
"""
import argparse
import sys

import torch
from safetensors.torch import save_file


def flattened(value, name=""):
    """Tensors of nested dictionaries and lists, by dotted names."""
    if isinstance(value, torch.Tensor):
        yield name, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from flattened(inner, f"{name}.{key}" if name else str(key))
    elif isinstance(value, (list, tuple)):
        for i, inner in enumerate(value):
            yield from flattened(inner, f"{name}.{i}" if name else str(i))
    else:
        yield name, None


def tensors(path, prefix):
    found, left = {}, 0
    for name, value in flattened(torch.load(path, map_location="cpu", weights_only=True)):
        if value is None or not value.is_floating_point() or not name.startswith(prefix):
            left += 1
        else:
            found[name[len(prefix):]] = value.float().contiguous().clone()
    if not found:
        sys.exit(f"{path}: no tensor of floating point below '{prefix}'; expected at least one. Leave --prefix out to see "
                 "all names.")
    return found, left


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source")
    parser.add_argument("target")
    parser.add_argument("--prefix", default="", help="names that begin so, without it")
    given = parser.parse_args()
    found, left = tensors(given.source, given.prefix)
    save_file(found, given.target)
    print(f"{len(found)} tensors, {left} others left out")
    for name in found:
        print(f"  {name} {tuple(found[name].shape)}")


if __name__ == "__main__":
    main()
