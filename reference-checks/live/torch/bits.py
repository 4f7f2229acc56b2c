def by_view(images: Tensor, n: int) -> Tensor:
  """Images of n originals, image by image, in the order view by view."""
  return images.reshape(n, -1, 3, images.size(2), images.size(3)).transpose(0, 1).flatten(0, 1)

def branches(p: Dict[str, Tensor], s: Dict[str, Tensor], count: int) -> Tensor:
  """What both branches of each block are multiplied by: drop path with rates from 0 on. (blocks, 2, sequences)"""
  depth = int(s["depth"])
  if "droppath" not in p:
    return torch.ones([depth, 2, count], dtype=p["global"].dtype)
  rates = s["drop_path"] * torch.arange(depth, dtype=p["droppath"].dtype) / (depth - 1)
  return p["droppath"] / (1 - rates).reshape(-1, 1, 1)

def bits_cls(images: Tensor, p: Dict[str, Tensor], s: Dict[str, Tensor], of: str, keep: Tensor) -> Tensor:
  """CLS of images, view by view (BITS section 1.1)."""
  x = embedded(by_view(images, int(s["n"])), p, of, int(s["patch"]))
  return encoded(x, p, of, int(s["heads"]), float(s["eps"]), keep)[:, 0]

def bits_head(h: Tensor, p: Dict[str, Tensor], of: str) -> Tensor:
  """Logits (rows, B) of CLS tokens (BITS section 1.2)."""
  h = torch.gelu(linear(torch.gelu(linear(h, p, of + "head.fc1")), p, of + "head.fc2"))
  y = linear(h, p, of + "head.fc3")
  if of + "head.norm.weight" in p:
    y = torch.batch_norm(y, p[of + "head.norm.weight"], p[of + "head.norm.bias"], None, None, True, 0.1, 1e-5, False)
  return y

def bits(p: Dict[str, Tensor], s: Dict[str, Tensor]) -> Tensor:
  """The objective (BITS Eq. 10), its messages (BITS Eq. 7), and how far the nearest one is from being another."""
  n = int(s["n"])

  # T = g(f(global crops)) of the teacher, Z = 1[T > 0] or sigma(T / temperature)
  keep = branches(p, s, n * (2 + int(s["local_crops"])))
  t = bits_head(bits_cls(p["global"], p, s, "teacher.", torch.ones_like(keep[:, :, :2 * n])), p, "teacher.")
  t = t.reshape(2, n, -1)
  hard = bool(s["temperature"] == 0)
  z = torch.where(t > 0, 1., 0.).to(t.dtype) if hard else torch.sigmoid(t / s["temperature"])

  # S = g(f(all crops)) of the student
  h = bits_cls(p["global"], p, s, "", keep[:, :, :2 * n])
  if "local" in p:
    h = torch.cat([h, bits_cls(p["local"], p, s, "", keep[:, :, 2 * n:])])
  logits = bits_head(h, p, "").reshape(-1, n, t.size(2))

  # the agreement of each view with the other views' messages
  pairs = 2 * (logits.size(0) - 1) * n
  if bool(s["cosine"] == 1):
    agreement = sign_cosine(logits, z).sum() / pairs
  else:
    agreement = bit_cross_entropy(logits, z).sum() / (pairs * t.size(2))

  # R(U) = log det(I + alpha U^T U) / 2
  u = unit(logits[:2], 1e-12)
  if bool(s["teacher_in_rate"] == 1):
    u = (u + unit(t, 1e-12)) / 2
  if bool(s["centred"] == 1):
    u = u - u.mean(1, True)
  b = t.size(2)
  rate = -(b + n) / (b * n) * coding_rate(u, b / (n * float(s["e"]))).mean()
  return with_margin(agreement + s["beta"] * rate, [torch.abs(t).min()] if hard else [torch.ones_like(rate)])
