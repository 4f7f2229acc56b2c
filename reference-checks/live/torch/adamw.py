def gradient_norms(gradients: List[Tensor], each: Tensor) -> Tensor:
  """Of each gradient, or of all together as often."""
  norms = torch.stack([torch.norm(g) for g in gradients])
  return norms if bool(each == 1) else torch.norm(norms).expand(norms.size(0))

def adamw(before: List[Tensor], gradients: List[List[Tensor]], lr: Tensor, decay: Tensor, steps: Tensor,
    betas: List[float], clip: Tensor, each: Tensor) -> List[Tensor]:
  """Each parameter with its two moments (3, n) after libtorch's own fused AdamW, once for each of the gradients. Rates
  and decays (steps, parameters). A norm that is not finite tells libtorch to skip that step, of all parameters."""
  after: List[Tensor] = []
  for i in range(len(before)):
    p = [before[i][0].clone()]
    m = [before[i][1].clone()]
    v = [before[i][2].clone()]
    for k in range(len(gradients)):
      norms = gradient_norms(gradients[k], each)
      skipped = torch.logical_not(torch.isfinite(norms).all()).float()
      limit = torch.clamp_max(clip / (norms + 1e-6), 1.) if bool(clip > 0) else torch.ones_like(norms)
      torch._fused_adamw_(p, [gradients[k][i] * limit[i]], m, v, [], [(steps + k).to(norms.dtype)],
        lr=float(lr[k, i]), beta1=betas[0], beta2=betas[1], weight_decay=float(decay[k, i]), eps=1e-08, amsgrad=False,
        maximize=False, found_inf=skipped)
    after.append(torch.stack([p[0], m[0], v[0]]))
  return after
