def vqgan_convolved(x: Tensor, p: Dict[str, Tensor], name: str, k: int) -> Tensor:
  """A convolution that leaves places as they are. Some have a bias."""
  weight = p[name + ".weight"].reshape(-1, x.size(1), k, k)
  if name + ".bias" in p:
    return torch.conv2d(x, weight, p[name + ".bias"], 1, k // 2)
  return torch.conv2d(x, weight, None, 1, k // 2)

def vqgan_normed(x: Tensor, p: Dict[str, Tensor], name: str, groups: int) -> Tensor:
  return torch.silu(torch.group_norm(x, groups, p[name + ".weight"], p[name + ".bias"], 1e-6))

def vqgan_blocks(x: Tensor, p: Dict[str, Tensor], name: str, groups: int) -> Tensor:
  """Residual blocks; one that changes its width adds a convolution of its own output."""
  i = 0
  while name + str(i) + ".conv1.weight" in p:
    block = name + str(i)
    h = vqgan_convolved(vqgan_normed(x, p, block + ".norm1", groups), p, block + ".conv1", 3)
    h = vqgan_convolved(vqgan_normed(h, p, block + ".norm2", groups), p, block + ".conv2", 3)
    x = h + (vqgan_convolved(h, p, block + ".nin_shortcut", 1) if block + ".nin_shortcut.weight" in p else x)
    i += 1
  return x

def vqgan_latents(x: Tensor, p: Dict[str, Tensor], s: Dict[str, Tensor]) -> Tensor:
  """The encoder (VQGAN section 1). x (count, 3, side, side): (count, d, grid, grid)."""
  groups = int(s["groups"])
  x = vqgan_convolved(x, p, "encoder.conv_in", 3)
  for l in range(int(s["levels"])):
    x = vqgan_blocks(x, p, "encoder.down." + str(l) + ".block.", groups)
    if l + 1 < int(s["levels"]):
      x = torch.avg_pool2d(x, [2, 2])
  x = vqgan_blocks(x, p, "encoder.mid.", groups)
  return vqgan_convolved(vqgan_normed(x, p, "encoder.norm_out", groups), p, "encoder.conv_out", 1)

def vqgan_pixels(z: Tensor, p: Dict[str, Tensor], s: Dict[str, Tensor]) -> Tensor:
  """The decoder (VQGAN section 1). z (count, d, grid, grid): (count, 3, side, side)."""
  groups = int(s["groups"])
  x = vqgan_blocks(vqgan_convolved(z, p, "decoder.conv_in", 3), p, "decoder.mid.", groups)
  for i in range(int(s["levels"])):
    level = "decoder.up." + str(int(s["levels"]) - 1 - i)
    x = vqgan_blocks(x, p, level + ".block.", groups)
    if level + ".upsample_conv.weight" in p:
      x = torch.upsample_nearest2d(x, [2 * x.size(2), 2 * x.size(3)])
      x = vqgan_convolved(x, p, level + ".upsample_conv", 3)
  return vqgan_convolved(vqgan_normed(x, p, "decoder.norm_out", groups), p, "decoder.conv_out", 3)

def vqgan(p: Dict[str, Tensor], s: Dict[str, Tensor]) -> Tensor:
  """The objective of the VQGAN (VQGAN section 2, VQGAN section 3), and the margin of its closest choice."""
  x = p["image"]
  z = vqgan_latents(x, p, s)
  book = p["quantize.embedding.weight"]
  rows = z.permute(0, 2, 3, 1)
  distances = torch.cdist(rows.detach().flatten(0, 2), book.detach(), 2., 2)
  e = torch.embedding(book, distances.argmin(1)).reshape_as(rows).permute(0, 3, 1, 2)
  reconstruction = torch.mse_loss(vqgan_pixels(z + (e - z).detach(), p, s), x)
  total = reconstruction + s["codebook"] * torch.mse_loss(e, z.detach())
  return with_margin(total + s["commitment"] * torch.mse_loss(z, e.detach()), [lead(-distances)])
