def koleo_dots(u: Tensor) -> Tensor:
  """Dot products of the tokens of each set with each other, minus infinity with themselves. u (sets, tokens, d)."""
  itself = torch.diag(torch.full([u.size(1)], float("inf"), dtype=u.dtype))
  return u @ u.transpose(1, 2) - itself

def koleo_nearest(u: Tensor) -> Tensor:
  """The row of the nearest other token of the same set (STELLAR Eq. 11)."""
  sets = torch.arange(u.size(0)) * u.size(1)
  return (koleo_dots(u).argmax(-1) + sets.unsqueeze(1)).flatten()

def koleo(u: Tensor, nearest: Tensor) -> Tensor:
  """- log of half the distance to the nearest (STELLAR Eq. 11). u (rows, d)."""
  return -torch.log(0.5 * torch.pairwise_distance(u, u.index_select(0, nearest), 2., 1e-8) + 1e-8)
