def attention(qkv: Tensor, lengths: Tensor, heads: int) -> Tensor:
  """Attention within each of the sequences that lie one after another. qkv (rows, 3 width): (rows, width)."""
  y = annotate(List[Tensor], [])
  for rows in torch.split_with_sizes(qkv, annotate(List[int], lengths.tolist())):
    q, k, v = torch.unbind(rows.reshape(rows.size(0), 3, heads, -1).permute(1, 2, 0, 3))
    y.append(torch.scaled_dot_product_attention(q, k, v).transpose(0, 1).flatten(1))
  return torch.cat(y)
