def resized(grid: Tensor, side: int) -> Tensor:
  """A square grid of rows, bicubically resized to another side. grid (n n, d): (side side, d)."""
  n = int(grid.size(0) ** 0.5 + 0.5)
  if n == side:
    return grid
  return torch.upsample_bicubic2d(grid.t().reshape(1, -1, n, n), [side, side], False).flatten(2)[0].t()

def embedded(images: Tensor, p: Dict[str, Tensor], of: str, patch: int) -> Tensor:
  """Patches with their positions (STELLAR section 1). images (count, 3, side, side) in [0, 1]: (count, patches, d)."""
  mean = torch.tensor([485, 456, 406]).to(images.dtype).reshape(3, 1, 1) / 1000  # decimals would pass through float32
  deviation = torch.tensor([229, 224, 225]).to(images.dtype).reshape(3, 1, 1) / 1000
  weight = p[of + "encoder.patch.weight"].reshape(-1, 3, patch, patch)
  x = torch.conv2d((images - mean) / deviation, weight, p[of + "encoder.patch.bias"], patch)
  return x.flatten(2).transpose(1, 2) + resized(p[of + "encoder.positions"][1:], x.size(3))

def encoded(x: Tensor, p: Dict[str, Tensor], of: str, heads: int, eps: float, keep: Tensor) -> Tensor:
  """Tokens [CLS ; patches ; sparse tokens] (STELLAR section 1, BITS section 1.1). x (count, patches, d), keep
  (blocks, 2, count) of drop path."""
  cls = p[of + "encoder.cls"] + p[of + "encoder.positions"][:1]
  x = torch.cat([cls.expand(x.size(0), 1, -1), x], 1)
  if of + "sparse_tokens" in p:
    x = torch.cat([x, p[of + "sparse_tokens"].expand(x.size(0), -1, -1)], 1)
  for i in range(keep.size(0)):
    x = block(x, p, of + "encoder.blocks." + str(i), heads, eps, keep[i])
  return norm(x, p, of + "encoder.norm", eps)
