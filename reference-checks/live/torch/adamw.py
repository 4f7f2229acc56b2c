def adamw(parameter: Tensor, gradient: Tensor, steps: Tensor) -> Tensor:
  """libtorch's own fused AdamW, from moments of zero."""
  p = [parameter.detach().clone()]
  m = [torch.zeros_like(gradient)]
  v = [torch.zeros_like(gradient)]
  torch._fused_adamw_(p, [gradient], m, v, [], [steps.to(gradient.dtype)], lr=0.01, beta1=0.9, beta2=0.95,
    weight_decay=0.1, eps=1e-08, amsgrad=False, maximize=False)
  return p[0]
