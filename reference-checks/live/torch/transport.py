def transport_plan(cost: Tensor, eps: float, iterations: int) -> Tensor:
  """The entropic transport plan between uniform masses of 1, from zero potentials (STELLAR Eq. 8-10).
  cost (sets, k, k)."""
  u = torch.zeros_like(cost[:, :, :1])
  v = torch.zeros_like(cost[:, :1, :])
  for i in range(iterations):
    u = -eps * torch.logsumexp((v - cost) / eps, 2, True)
    v = -eps * torch.logsumexp((u - cost) / eps, 1, True)
  return torch.exp((u + v - cost) / eps)
