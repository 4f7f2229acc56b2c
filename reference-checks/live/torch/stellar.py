def prototype_logits(x: Tensor, p: Dict[str, Tensor], name: str) -> Tensor:
  """l(x) = W f(x) / |f(x)| of all rows, STELLAR Eq. 5. (rows, C)"""
  x = linear(x.reshape(-1, x.size(-1)), p, name + ".predictor.0")
  i = 1
  while name + ".predictor." + str(i) + ".weight" in p:
    x = linear(torch.gelu(x), p, name + ".predictor." + str(i))
    i += 1
  return unit(x, 1e-07) @ p[name + ".prototypes"].t()

def sinkhorn(logits: Tensor, s: Dict[str, Tensor]) -> Tensor:
  """Targets q, whose rows sum to 1 (STELLAR section 4.2)."""
  l = logits.detach() / s["target_temperature"]
  m = torch.exp(l + 50 - torch.amax(l, 0))
  for i in range(int(s["target_iterations"])):
    m = m / (m.sum(0) + 1e-08) ** s["column_power"]
    m = m / (m.sum(1, True) + 1e-08)
  return m

def matches(view: Tensor, target: Tensor, s: Dict[str, Tensor], margins: List[Tensor]) -> Tensor:
  """For each token of each view, the row of the target that the plan favours (STELLAR Eq. 8-10)."""
  view = view.detach()
  target = target.detach()
  views = view.size(0) // target.size(0)
  k = target.size(1)
  image = k * torch.arange(view.size(0)).floor_divide(views).unsqueeze(1)
  if bool(s["match"] == 0):
    return (image + torch.arange(k)).flatten()
  cost = torch.cdist(view, torch.repeat_interleave(target, views, 0), 2., 2)
  plan = transport_plan(cost, float(s["matching_eps"]), int(s["matching_iterations"]))
  margins.append(lead(plan))
  return (image + plan.argmax(-1)).flatten()

def soft_cross_entropy(logits: Tensor, q: Tensor, rows: Tensor, s: Dict[str, Tensor]) -> Tensor:
  """Cross-entropy with the targets q (STELLAR section 4.4)."""
  return torch.cross_entropy_loss(logits / s["logit_temperature"], q.index_select(0, rows))

def koleo_of_sets(tokens: Tensor, margins: List[Tensor]) -> Tensor:
  """KoLeo within each set of tokens (sets, K, d), STELLAR Eq. 11."""
  u = unit(tokens, 1e-08)
  margins.append(lead(koleo_dots(u)))
  return koleo(u.flatten(0, 1), koleo_nearest(u.detach())).mean()

def localization(dense: Tensor, sparse: Tensor, p: Dict[str, Tensor], s: Dict[str, Tensor]) -> Tensor:
  """L = softmax(cos(D W1, S W2) / tau), or of scores over sqrt(d) for tau = 0 (STELLAR Eq. 14)."""
  a = linear(dense, p, "dense_proj")
  e = linear(sparse, p, "sparse_proj")
  if bool(s["spatial_temperature"] == 0):
    return torch.softmax(a @ e.transpose(1, 2) / a.size(2) ** 0.5, 2)
  return torch.softmax(unit(a, 1e-07) @ unit(e, 1e-07).transpose(1, 2) / s["spatial_temperature"], 2)

def reconstruction(z: Tensor, p: Dict[str, Tensor], s: Dict[str, Tensor]) -> Tensor:
  """The loss of what the decoder makes of Z (B, N, d): pixels, or codes (STELLAR Eq. 3)."""
  x = linear(z, p, "decoder.proj") + p["decoder.positions"]
  x = blocks(x, p, "decoder.blocks.", int(s["heads"]), float(s["eps"]))
  x = norm(x, p, "decoder.norm", float(s["eps"]))
  if "codes" in p:
    return torch.cross_entropy_loss(linear(x, p, "decoder.head").flatten(0, 1), p["codes"])
  grid = int(z.size(1) ** 0.5 + 0.5)
  patch = int(s["patch"])
  maps = x.transpose(1, 2).reshape(x.size(0), x.size(2), grid, grid)
  weight = p["decoder.head.weight"].reshape(-1, 3, patch, patch)
  return torch.mse_loss(torch.conv_transpose2d(maps, weight, p["decoder.head.bias"], patch), p["image"])

def stellar_tokens(x: Tensor, p: Dict[str, Tensor], s: Dict[str, Tensor], of: str) -> Tensor:
  """[CLS ; D ; S] of embedded patches (STELLAR section 1)."""
  depth = int(s["depth"])
  return encoded(x, p, of, int(s["heads"]), float(s["eps"]), torch.ones([depth, 2, x.size(0)], dtype=x.dtype))

def stellar(p: Dict[str, Tensor], s: Dict[str, Tensor]) -> Tensor:
  """The objective (STELLAR Eq. 12-13), with Z = L S (STELLAR Eq. 1), and the margin of its closest choice."""
  margins = annotate(List[Tensor], [])
  if "momentum" in p:
    p = moved_teacher(p)
  b = p["image"].size(0)
  k = int(s["tokens"])
  patch = int(s["patch"])

  # S, D, cls = enc(x0); L = softmax(cos(D W1, S W2) / tau), Z = L S
  x = embedded(p["image"], p, "", patch)
  tokens = stellar_tokens(x, p, s, "")
  cls, dense, sparse = torch.split_with_sizes(tokens, [1, x.size(1), k], 1)
  z = dense if bool(s["direct"] == 1) else localization(dense, sparse, p, s) @ sparse
  total = s["reconstruction"] * reconstruction(z, p, s)
  total = total + s["koleo"] * koleo_of_sets(sparse, margins)

  # targets q: the image's own, or the teacher's of the second global view
  target = sparse
  logits = prototype_logits(sparse, p, "clustering_head")
  cls_logits = prototype_logits(cls, p, "cls_head")
  q = sinkhorn(logits, s)
  cls_q = sinkhorn(cls_logits, s)
  rows = torch.arange(b * k)
  own = torch.arange(b)
  if "momentum" in p:
    view = p["global"].reshape(b, -1, 3, p["image"].size(2), p["image"].size(3))[:, 1]
    taught = stellar_tokens(embedded(view, p, "teacher.", patch), p, s, "teacher.")
    target = taught[:, -k:]
    q = sinkhorn(prototype_logits(target, p, "teacher.clustering_head"), s)
    cls_q = sinkhorn(prototype_logits(taught[:, :1], p, "teacher.cls_head"), s)
    rows = matches(sparse, target, s, margins)
  total = total + s["clustering"] * soft_cross_entropy(logits, q, rows, s)
  total = total + s["cls_clustering"] * soft_cross_entropy(cls_logits, cls_q, own, s)

  # masked views: set alignment, CLS and KoLeo
  if "masked.source" in p:
    x = embedded(p["global"], p, "", patch).flatten(0, 1).index_select(0, p["masked.source"])
    masked = stellar_tokens(x.reshape(b * int(s["masked_views"]), -1, x.size(1)), p, s, "")
    total = total + s["masked_koleo"] * koleo_of_sets(masked[:, -k:], margins)
    rows = matches(masked[:, -k:], target, s, margins)
    logits = prototype_logits(masked[:, -k:], p, "clustering_head")
    total = total + s["mask"] * soft_cross_entropy(logits, q, rows, s)
    cls_logits = prototype_logits(masked[:, 0], p, "cls_head")
    rows = torch.repeat_interleave(own, int(s["masked_views"]))
    total = total + s["cls"] * soft_cross_entropy(cls_logits, cls_q, rows, s)

  # local crops: CLS
  if "local" in p:
    local = stellar_tokens(embedded(p["local"], p, "", patch), p, s, "")
    cls_logits = prototype_logits(local[:, 0], p, "cls_head")
    rows = torch.repeat_interleave(own, int(s["local_crops"]))
    total = total + s["cls"] * soft_cross_entropy(cls_logits, cls_q, rows, s)
  return with_margin(total, margins)
