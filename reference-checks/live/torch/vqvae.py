def vq_convolved(x: Tensor, p: Dict[str, Tensor], name: str, k: int, stride: int, pad: int) -> Tensor:
  weight = p[name + ".weight"]
  return torch.conv2d(x, weight.reshape(weight.size(0), -1, k, k), p[name + ".bias"], stride, pad)

def vq_blocks(x: Tensor, p: Dict[str, Tensor], name: str, margins: List[Tensor]) -> Tensor:
  """Residual blocks, x + conv1x1(relu(conv3x3(relu(x))))."""
  i = 0
  while name + str(i) + ".conv3.weight" in p:
    y = relu(vq_convolved(relu(x, margins), p, name + str(i) + ".conv3", 3, 1, 1), margins)
    x = x + vq_convolved(y, p, name + str(i) + ".conv1", 1, 1, 0)
    i += 1
  return x

def vq_latents(x: Tensor, p: Dict[str, Tensor], margins: List[Tensor]) -> Tensor:
  """z_e of pixels, VQ-VAE section 3.1. (count, 3, side, side): (count, d, grid, grid)"""
  i = 0
  while "encoder.halve." + str(i) + ".weight" in p:
    x = relu(vq_convolved(x, p, "encoder.halve." + str(i), 4, 2, 1), margins)
    i += 1
  x = vq_blocks(vq_convolved(x, p, "encoder.middle", 3, 1, 1), p, "encoder.block.", margins)
  return vq_convolved(relu(x, margins), p, "encoder.last", 1, 1, 0)

def vq_pixels(z: Tensor, p: Dict[str, Tensor], margins: List[Tensor]) -> Tensor:
  """Pixels of latents (VQ-VAE section 3.1)."""
  x = vq_blocks(vq_convolved(z, p, "decoder.first", 3, 1, 1), p, "decoder.block.", margins)
  i = 0
  while "decoder.double." + str(i) + ".weight" in p:
    name = "decoder.double." + str(i)
    weight = p[name + ".weight"].reshape(x.size(1), -1, 4, 4)
    x = torch.conv_transpose2d(relu(x, margins), weight, p[name + ".bias"], 2, 1)
    i += 1
  return x

def vqvae(p: Dict[str, Tensor], s: Dict[str, Tensor]) -> Tensor:
  """The objective (VQ-VAE Eq. 3) with its quantisation (VQ-VAE Eq. 1-2), and the margin of its closest choice."""
  margins = annotate(List[Tensor], [])
  x = p["image"] - 0.5
  z = vq_latents(x, p, margins)
  commitment = torch.zeros_like(z).sum()
  if bool(s["quantise"] == 1):
    rows = z.permute(0, 2, 3, 1)
    distances = torch.cdist(rows.detach().flatten(0, 2), p["quantiser.codebook"], 2., 2)
    margins.append(lead(-distances))
    e = torch.embedding(p["quantiser.codebook"], distances.argmin(1)).reshape_as(rows).permute(0, 3, 1, 2)
    commitment = torch.mse_loss(z, e)
    z = z + (e - z).detach()
  reconstruction = torch.mse_loss(vq_pixels(z, p, margins), x) / s["pixel_variance"]
  return with_margin(reconstruction + s["commitment"] * commitment, margins)
