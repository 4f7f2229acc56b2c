def linear(x: Tensor, p: Dict[str, Tensor], name: str) -> Tensor:
  return torch.linear(x, p[name + ".weight"], p[name + ".bias"])

def norm(x: Tensor, p: Dict[str, Tensor], name: str, eps: float) -> Tensor:
  return torch.layer_norm(x, [x.size(-1)], p[name + ".weight"], p[name + ".bias"], eps)

def unit(x: Tensor, eps: float) -> Tensor:
  """Rows of length 1."""
  return x / torch.linalg_vector_norm(x, 2, [-1], True).clamp_min(eps)

def block(x: Tensor, p: Dict[str, Tensor], name: str, heads: int, eps: float, keep: Tensor) -> Tensor:
  """A transformer block (STELLAR section 1, Sorcen section 2.3). x (batch, n, width), keep (2, batch): what both
  branches of a sequence are multiplied by."""
  keep = keep.reshape(2, -1, 1, 1)
  y = attend(linear(norm(x, p, name + ".norm1", eps), p, name + ".attn.qkv"), heads)
  x = x + keep[0] * linear(y, p, name + ".attn.proj")
  y = torch.gelu(linear(norm(x, p, name + ".norm2", eps), p, name + ".mlp.fc1"))
  return x + keep[1] * linear(y, p, name + ".mlp.fc2")

def blocks(x: Tensor, p: Dict[str, Tensor], name: str, heads: int, eps: float) -> Tensor:
  """All blocks of a name."""
  i = 0
  while name + str(i) + ".norm1.weight" in p:
    x = block(x, p, name + str(i), heads, eps, torch.ones([2, 1], dtype=x.dtype))
    i += 1
  return x

def moved_teacher(p: Dict[str, Tensor]) -> Dict[str, Tensor]:
  """All tensors after the averages' step, average = m average + (1 - m) student, through which no gradient goes
  (STELLAR section 4.7, BITS section 5, Sorcen section 4.8)."""
  q = annotate(Dict[str, Tensor], {})
  for name, value in p.items():
    q[name] = value
    if name.startswith("teacher.") or name.startswith("teacher_"):
      moved = torch.lerp(p[name[8:]].detach(), value.detach(), p["momentum"])
      q[name] = value + (moved - value.detach())
  return q
