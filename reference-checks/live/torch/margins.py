def lead(x: Tensor) -> Tensor:
  """By how much the largest of a row leads at least."""
  best = torch.topk(x.detach(), 2)[0]
  return (best.select(-1, 0) - best.select(-1, 1)).min()

def smallest_gap(x: Tensor) -> Tensor:
  """How far any two numbers of a row are apart at least: what their order hangs on."""
  order = torch.sort(x.detach())[0]
  return torch.amin(order[:, 1:] - order[:, :-1], 1)

def relu(x: Tensor, margins: List[Tensor]) -> Tensor:
  """max(x, 0), with how far the nearest number is from the corner."""
  margins.append(torch.abs(x.detach()).min())
  return torch.relu(x)

def with_margin(total: Tensor, margins: List[Tensor]) -> Tensor:
  """A loss, and the least of the margins."""
  return torch.stack([total, torch.amin(torch.stack(margins)) if len(margins) > 0 else torch.ones_like(total)])
