def attend(qkv: Tensor, heads: int) -> Tensor:
  """Attention within each of a batch. qkv (batch, n, 3 width): (batch, n, width)."""
  q, k, v = torch.unbind(qkv.reshape(qkv.size(0), qkv.size(1), 3, heads, -1).permute(2, 0, 3, 1, 4))
  return torch.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)

def attention(qkv: Tensor, lengths: Tensor, heads: int) -> Tensor:
  """The same within each of the sequences that lie one after another. qkv (rows, 3 width): (rows, width)."""
  y = annotate(List[Tensor], [])
  for rows in torch.split_with_sizes(qkv, annotate(List[int], lengths.tolist())):
    y.append(attend(rows.unsqueeze(0), heads).squeeze(0))
  return torch.cat(y)
