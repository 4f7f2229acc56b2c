"""Loads what `triptych export` wrote, with stock timm, stock transformers and onnxruntime, and prints the largest
differences between them on random pixels.

    for f in timm hf onnx; do ./triptych export --run RUN --to $f --out OUT/$f; done
    python reference-checks/export/compare.py OUT

Needs timm, transformers, onnxruntime, safetensors; nothing of ours.
"""
import json
import pathlib
import sys

import onnxruntime
import safetensors.torch
import timm
import torch
import torch.nn.functional as F
from transformers import AutoModel

folder = pathlib.Path(sys.argv[1])
config = json.loads((folder / "hf/config.json").read_text())
side, k, eps = config["image_size"], config.get("num_register_tokens", 0), config["layer_norm_eps"]
torch.manual_seed(0)
pixels = torch.randn(8, 3, side, side)

session = onnxruntime.InferenceSession(folder / "onnx/model.onnx")
onnx = dict(zip([o.name for o in session.get_outputs()], session.run(None, {"pixel_values": pixels.numpy()})))

hf, info = AutoModel.from_pretrained(folder / "hf", output_loading_info=True,
                                     **({} if k else {"add_pooling_layer": False}))
unmatched = {name: keys for name, keys in info.items() if keys}
assert not unmatched, unmatched
stock = timm.create_model(f"local-dir:{folder / 'timm'}", pretrained=True).eval()
patched = timm.create_model(f"local-dir:{folder / 'timm'}", pretrained=True).eval()
for module in patched.modules():
    if isinstance(module, torch.nn.LayerNorm):
        module.eps = eps

with torch.no_grad():
    rows = {
        "transformers": hf.eval()(pixel_values=pixels).last_hidden_state,
        "timm": stock.forward_features(pixels),
        f"timm, eps {eps}": patched.forward_features(pixels),
    }
    for name, x in rows.items():
        values = {"cls": x[:, 0], "dense": x[:, 1 + k:]}
        if k:
            values["sparse"] = x[:, 1:1 + k]
            w = safetensors.torch.load_file(folder / "hf/localization.safetensors")
            a = F.normalize(values["dense"] @ w["dense_proj.weight"].T + w["dense_proj.bias"], dim=-1, eps=1e-7)
            e = F.normalize(values["sparse"] @ w["sparse_proj.weight"].T + w["sparse_proj.bias"], dim=-1, eps=1e-7)
            values["localization"] = torch.softmax(a @ e.mT / 0.06, -1)
        worst = {v: float((t - torch.from_numpy(onnx[v])).abs().max()) for v, t in values.items()}
        print(f"{name:20s}", "  ".join(f"{v} {d:.1e}" for v, d in worst.items()))
