def smallest_gap(logits: Tensor) -> Tensor:
  """How far any two logits of a row are apart at least: what their order hangs on."""
  order = torch.sort(logits)[0]
  return torch.amin(order[:, 1:] - order[:, :-1], 1)
