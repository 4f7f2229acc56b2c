def mix(x: Tensor) -> Tensor:
  """The bits of 32-bit words, which lie in 64-bit integers, in disorder."""
  h = ((x ^ (x >> 16)) * 2146121005) & 4294967295
  h = ((h ^ (h >> 15)) * 739982445) & 4294967295
  return h ^ (h >> 16)

def kept(key: Tensor, launch: Tensor, n: int, rate: float) -> Tensor:
  """Which of n numbers a launch with a key keeps: a hash of its own, in libtorch's integers."""
  seed = mix((key + launch * 889516851) & 4294967295)
  bits = mix(seed ^ ((torch.arange(n) * 668265261) & 4294967295)) >> 8
  return bits >= int(rate * 16777216 + 0.5)

def dropped_attention(qkv: Tensor, lengths: Tensor, heads: int, keep: Tensor, rate: float) -> Tensor:
  """Attention with dropout on its probabilities; keep has those of all sequences, one after another."""
  y = annotate(List[Tensor], [])
  at = 0
  for rows in torch.split_with_sizes(qkv, annotate(List[int], lengths.tolist())):
    n = rows.size(0)
    q, k, v = torch.unbind(rows.reshape(n, 3, heads, -1).permute(1, 2, 0, 3))
    probabilities = torch.softmax(q @ k.transpose(1, 2) / q.size(2) ** 0.5, -1)
    mask = keep[at : at + heads * n * n].reshape(heads, n, n)
    at += heads * n * n
    y.append((probabilities * mask / (1 - rate) @ v).transpose(0, 1).flatten(1))
  return torch.cat(y)
