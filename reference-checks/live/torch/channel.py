def of_other_views(loss: Tensor) -> Tensor:
  """The sum over the teachers' views other than the view itself. loss (views, teachers, n): (views n)."""
  other = 1 - torch.eye(loss.size(0), loss.size(1), dtype=loss.dtype)
  return (loss * other.unsqueeze(2)).sum(1).flatten()

def bit_cross_entropy(s: Tensor, z: Tensor) -> Tensor:
  """Cross-entropy of the logits of all views, s (views, n, d), with every other teacher's bits, z (teachers, n, d):
  BITS Eq. 8."""
  s, z = torch.broadcast_tensors([s.unsqueeze(1), z.unsqueeze(0)])
  return of_other_views(torch.binary_cross_entropy_with_logits(s, z, None, None, 0).sum(3))

def sign_cosine(s: Tensor, z: Tensor) -> Tensor:
  """1 - cosine of the logits of all views and the signs of every other teacher's bits."""
  return of_other_views(1 - torch.cosine_similarity(s.unsqueeze(1), 2 * z.unsqueeze(0) - 1, 3, 1e-12))

def coding_rate(u: Tensor, alpha: float) -> Tensor:
  """log det(I + alpha U^T U) / 2 of each matrix of u (b, n, d): (b). BITS Eq. 9."""
  identity = torch.eye(u.size(2), dtype=u.dtype)
  return 0.5 * torch.logdet(identity + alpha * u.transpose(1, 2) @ u)
