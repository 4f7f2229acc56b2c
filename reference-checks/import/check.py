"""Makes small random models of stock transformers and timm, imports them with `triptych import --encoder`, and prints
the largest difference between their features and those of `triptych embed`, of pictures as large as the encoder reads.

    python reference-checks/import/check.py OUT [COMMAND]

COMMAND is ./triptych unless given. Needs numpy, pillow, safetensors, timm, torch, transformers; nothing of ours.
"""
import json
import pathlib
import subprocess
import sys

import numpy as np
import safetensors.torch
import timm
import torch
from PIL import Image
from safetensors.numpy import load_file
from transformers import (Dinov2Config, Dinov2Model, Dinov2WithRegistersConfig, Dinov2WithRegistersModel, ViTConfig,
                          ViTMAEConfig, ViTMAEForPreTraining, ViTModel)

out = pathlib.Path(sys.argv[1])
command = sys.argv[2:] or ["./triptych"]
SIDE, PATCH, TOKENS = 16, 4, 3
torch.manual_seed(0)
sizes = dict(hidden_size=32, num_hidden_layers=2, num_attention_heads=2, patch_size=PATCH)
wide = dict(sizes, intermediate_size=128)
decoder = dict(decoder_hidden_size=16, decoder_num_hidden_layers=1, decoder_num_attention_heads=2,
               decoder_intermediate_size=32, mask_ratio=0.0)
pictures = out / "pictures"
pictures.mkdir(parents=True)
for i in range(4):
    Image.fromarray(np.random.default_rng(i).integers(0, 256, (SIDE, SIDE, 3), np.uint8)).save(pictures / f"{i}.png")
raw = torch.stack([torch.from_numpy(np.array(Image.open(pictures / f"{i}.png"))) for i in range(4)])
raw = raw.permute(0, 3, 1, 2).float() / 255


def randomised(model):
    with torch.no_grad():
        for name, p in model.named_parameters():
            if "decoder" not in name:
                p.copy_(torch.randn_like(p) * 0.15 + (1.0 if "norm" in name and name.endswith("weight") else 0.0)
                        + (0.7 if "lambda" in name or "gamma" in name else 0.0))
    return model.eval()


def check(name, model, tokens, features, mean, std, recipe="stellar-micro", more=()):
    folder = out / name
    randomised(model)
    if isinstance(model, timm.models.VisionTransformer):
        folder.mkdir()
        safetensors.torch.save_file(model.state_dict(), folder / "model.safetensors")
        (folder / "config.json").write_text(json.dumps({
            "model_args": {"num_heads": 2}, "pretrained_cfg": {"mean": mean, "std": std}}))
    else:
        model.save_pretrained(folder)
        (folder / "preprocessor_config.json").write_text(json.dumps({"image_mean": mean, "image_std": std}))
    eps = "encoder.layer-norm-eps=" + ("1e-6" if "dino" in name or "timm" in name else "1e-12")
    subprocess.run([*command, "import", "--encoder", "--from", folder, "--as", recipe, "--out", out / f"{name}-run", eps,
                    *more], check=True, stdout=subprocess.DEVNULL)
    values = "cls,dense" + (",sparse" if tokens else "")
    subprocess.run([*command, "embed", "--run", out / f"{name}-run", "--in", pictures, "--values", values, "--out",
                    out / f"{name}.safetensors", "--quiet"], check=True, stdout=subprocess.DEVNULL)
    ours = load_file(out / f"{name}.safetensors")
    pixels = (raw - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]
    with torch.no_grad():
        rows = features(pixels).numpy()
    theirs = {"cls": rows[:, 0], "dense": rows[:, 1 + tokens:]}
    if tokens:
        theirs["sparse"] = rows[:, 1:1 + tokens]
    for value, numbers in theirs.items():
        assert ours[value].shape == numbers.shape, (name, value, ours[value].shape, numbers.shape)
        difference = abs(ours[value] - numbers).max()
        print(f"{name:24} {value:7} {difference:.1e}")
        assert difference < 2e-5, (name, value)


imagenet = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
half = [0.5, 0.5, 0.5], [0.5, 0.5, 0.5]
for side in (16, 24, 8):
    model = Dinov2WithRegistersModel(Dinov2WithRegistersConfig(
        **sizes, mlp_ratio=4, image_size=side, num_register_tokens=TOKENS, layer_norm_eps=1e-6))
    check(f"dinov2-registers-{side}", model, TOKENS, lambda x, m=model: m(x).last_hidden_state, *imagenet)
    model = Dinov2Model(Dinov2Config(**sizes, mlp_ratio=4, image_size=side, layer_norm_eps=1e-6))
    check(f"dinov2-{side}", model, 0, lambda x, m=model: m(x).last_hidden_state, *imagenet, "mae-micro")
    model = ViTModel(ViTConfig(**wide, image_size=side))
    check(f"vit-{side}", model, 0, lambda x, m=model: m(x, interpolate_pos_encoding=True).last_hidden_state, *half,
          "mae-micro")
    model = timm.models.VisionTransformer(img_size=side, patch_size=PATCH, embed_dim=32, depth=2, num_heads=2,
                                          reg_tokens=TOKENS, no_embed_class=side == 24, num_classes=0,
                                          init_values=1e-5, dynamic_img_size=side != SIDE)
    check(f"timm-{side}", model, TOKENS, model.forward_features, *half)
model = ViTMAEForPreTraining(ViTMAEConfig(**wide, **decoder, image_size=SIDE))
plain = ViTModel(ViTConfig(**wide, image_size=SIDE), add_pooling_layer=False)  # MAE's own shuffles the patches


def encoded(x):
    plain.load_state_dict(model.vit.state_dict())
    return plain.eval()(x).last_hidden_state


check("vit-mae-16", model, 0, encoded, *imagenet, "mae-micro")
