def mae_places(x: Tensor, kept: Tensor) -> Tensor:
  """Rows of some places. x (count, places, d), kept (count, some): (count, some, d)."""
  return torch.gather(x, 1, kept.unsqueeze(2).expand(-1, -1, x.size(2)))

def fixed_positions(p: Dict[str, Tensor]) -> Dict[str, Tensor]:
  """All tensors, the tables of positions without gradient."""
  q = annotate(Dict[str, Tensor], {})
  for name, value in p.items():
    q[name] = value.detach() if name.endswith(".positions") else value
  return q

def mae(tensors: Dict[str, Tensor], s: Dict[str, Tensor]) -> Tensor:
  """The objective of MAE, which decides nothing (MAE section 1, MAE section 2, MAE section 3, MAE section 4)."""
  p = fixed_positions(tensors) if bool(s["sine"] == 1) else tensors
  patch = int(s["patch"])
  eps = float(s["eps"])
  images = p["image"]
  n = images.size(0)
  kept = p["masked.cells"].reshape(n, -1)
  cells = p["decoder.positions"].size(0) - 1

  # z = enc(CLS, kept patches)
  x = mae_places(embedded(images, p, "", patch), kept)
  z = encoded(x, p, "", int(s["heads"]), eps, torch.ones([int(s["depth"]), 2, n], dtype=x.dtype))

  # x^ = dec(z, mask tokens)
  h = linear(z, p, "decoder.embed")
  grid = p["decoder.mask_token"].expand(n, cells, -1)
  grid = torch.scatter(grid, 1, kept.unsqueeze(2).expand(-1, -1, h.size(2)), h[:, 1:])
  y = torch.cat([h[:, :1], grid], 1) + p["decoder.positions"]
  for i in range(int(s["decoder_depth"])):
    y = block(y, p, "decoder.blocks." + str(i), int(s["decoder_heads"]), eps, torch.ones([2, n], dtype=x.dtype))
  prediction = linear(norm(y, p, "decoder.norm", eps)[:, 1:], p, "decoder.pred")

  # each patch less its mean, over its deviation
  mean = torch.tensor([485, 456, 406]).to(images.dtype).reshape(3, 1, 1) / 1000
  deviation = torch.tensor([229, 224, 225]).to(images.dtype).reshape(3, 1, 1) / 1000
  target = torch.im2col((images - mean) / deviation, [patch, patch], [1, 1], [0, 0], [patch, patch]).transpose(1, 2)
  if bool(s["norm_pixels"] == 1):
    target = (target - target.mean(2, True)) / torch.sqrt(target.var(2, True, True) + 1e-6)

  # the mean over the dropped patches
  dropped = torch.ones([n, cells], dtype=x.dtype).scatter(1, kept, 0.)
  return with_margin(((prediction - target).square().mean(2) * dropped).sum() / dropped.sum(), [])
