def head_logits(x: Tensor, p: Dict[str, Tensor], name: str) -> Tensor:
  """Logits of all rows of x (..., d): B bits, or C prototypes."""
  x = x.reshape(-1, x.size(-1))
  if name + ".prototypes" in p:
    return prototype_logits(x, p, name)
  x = torch.gelu(linear(torch.gelu(linear(x, p, name + ".fc1")), p, name + ".fc2"))
  return linear(x, p, name + ".fc3")

def code_logits(z: Tensor, p: Dict[str, Tensor], s: Dict[str, Tensor]) -> Tensor:
  """What the decoder makes of Z (B, N, d): (B N, C)."""
  x = linear(z, p, "decoder.proj") + p["decoder.positions"]
  x = blocks(x, p, "decoder.blocks.", int(s["heads"]), float(s["eps"]))
  return linear(norm(x, p, "decoder.norm", float(s["eps"])), p, "decoder.head").flatten(0, 1)

def slot_targets(logits: Tensor, k: int, s: Dict[str, Tensor]) -> Tensor:
  """Sinkhorn on each slot by itself. logits (n K, C), image by image."""
  slots = logits.reshape(-1, k, logits.size(1))
  return torch.stack([sinkhorn(slots[:, i], s) for i in range(k)], 1).flatten(0, 1)

def pair_loss(logits: Tensor, target: Tensor, rows: Tensor, s: Dict[str, Tensor]) -> Tensor:
  """Each row of logits against its row of the targets: bits, or a distribution over prototypes."""
  if bool(s["prototypes"] == 1):
    return soft_cross_entropy(logits, target, rows, s)
  return torch.binary_cross_entropy_with_logits(logits, target.index_select(0, rows))

def rate_loss(logits: Tensor, s: Dict[str, Tensor]) -> Tensor:
  """-gamma R of the rows of one view."""
  n, b = logits.size(0), logits.size(1)
  r = coding_rate(unit(logits, 1e-12).unsqueeze(0), b / (n * float(s["e"]))).mean()
  return -(b + n) / (b * n) * r

def across_views(masked: Tensor, sparse: Tensor, p: Dict[str, Tensor], s: Dict[str, Tensor],
                 margins: List[Tensor]) -> Tensor:
  """Tokens and CLS of the student's views against the teacher's (section 4), and the coding rate."""
  n, k, patch = sparse.size(0), sparse.size(1), int(s["patch"])
  sets = [masked[:n, -k:], masked[n:, -k:], sparse]
  tokens = [head_logits(x, p, "token_head") for x in sets]
  cls = masked[:, 0]
  if "local" in p:
    cls = torch.cat([cls, stellar_tokens(embedded(p["local"], p, "", patch), p, s, "")[:, 0]])
  words = head_logits(cls, p, "cls_head").reshape(-1, n, tokens[0].size(1))
  total = torch.zeros([], dtype=sparse.dtype)
  if bool(s["rate"] != 0):
    for v in range(2):
      total = total + s["rate"] * (rate_loss(tokens[v], s) + rate_loss(words[v], s)) / 2
  if bool(s["alignment"] == 0):
    return total

  taught = stellar_tokens(embedded(p["global"], p, "teacher.", patch), p, s, "teacher.")
  own = torch.arange(n)
  for q in range(2):
    view = taught[q * n:(q + 1) * n]
    t = head_logits(view[:, -k:], p, "teacher.token_head").detach()
    c = head_logits(view[:, 0], p, "teacher.cls_head").detach()
    if bool(s["prototypes"] == 1):
      z, w = slot_targets(t, k, s), sinkhorn(c, s)
    else:
      margins += [torch.abs(t).min(), torch.abs(c).min()]
      z, w = (t > 0).to(t.dtype), (c > 0).to(c.dtype)
    for v in [1 - q, 2]:
      rows = matches(sets[v], view[:, -k:], s, margins)
      total = total + s["alignment"] * pair_loss(tokens[v], z, rows, s) / 4
    for v in range(words.size(0)):
      if v != q:
        total = total + s["alignment"] * pair_loss(words[v], w, own, s) / (2 * (words.size(0) - 1))
  return total

def painted_echo(logits: Tensor, sparse: Tensor, p: Dict[str, Tensor], s: Dict[str, Tensor],
                 margins: List[Tensor]) -> Tensor:
  """The contrast of the student's tokens with an echo that is painted and seen through a window (section 5)."""
  n, k = sparse.size(0), sparse.size(1)
  book = p["codebook"]
  patch = int(s["patch"])
  drawn = drawn_echo(logits.detach(), p["echo.draws"], int(s["candidates"]), margins)
  codes = torch.where(p["echo.source"].flatten() == 1, p["codes"], drawn)
  grid = int((codes.size(0) // n) ** 0.5 + 0.5)
  # pictures of the codes: patches beside and below each other
  picture = book.index_select(0, codes).reshape(n, grid, grid, 3, patch, patch).permute([0, 3, 1, 4, 2, 5])
  x = embedded(picture.reshape(n, 3, grid * patch, grid * patch), p, "teacher.", patch)
  seen = int(p["window.start"][1]) - 1 - k
  cells = p["window.rows"].reshape(n, -1)[:, 1 + k:1 + k + seen] - torch.arange(n).unsqueeze(1) * (1 + grid * grid) - 1
  x = x.gather(1, cells.unsqueeze(2).expand(-1, -1, x.size(2)))
  echo = stellar_tokens(x, p, s, "teacher.")[:, -k:].mean(1)
  zbar = contrast_head(echo, p, "teacher.projector", margins).detach()
  g = contrast_head(contrast_head(sparse.mean(1), p, "projector", margins), p, "predictor", margins)
  return info_nce(zbar, g, s["temperature"])

def triptych(p: Dict[str, Tensor], s: Dict[str, Tensor]) -> Tensor:
  """The objective of Triptych, and the margin of its closest choice."""
  margins = annotate(List[Tensor], [])
  n, k, patch = p["image"].size(0), int(s["tokens"]), int(s["patch"])

  # section 2: S, D, cls = enc(x0); Z = L S
  x = embedded(p["image"], p, "", patch)
  cls, dense, sparse = torch.split_with_sizes(stellar_tokens(x, p, s, ""), [1, x.size(1), k], 1)
  total = s["koleo"] * koleo_of_sets(sparse, margins)
  if bool(s["reconstruction"] != 0):
    total = total + s["reconstruction"] * reconstruction(localization(dense, sparse, p, s) @ sparse, p, s)

  # section 3: a query of the place where a patch was dropped; section 5: the echo of what is predicted there
  sets = annotate(List[Tensor], [])
  if "masked.source" in p:
    kept = x.flatten(0, 1).index_select(0, p["masked.source"]).reshape(n, -1, x.size(2))
    masked = stellar_tokens(kept, p, s, "")
    tokens = masked[:, -k:]
    sets.append(tokens)
    f = unit(tokens.mean(1), 1e-12)
    total = total + s["uniformity"] * ((f @ f.t()) ** 2).mean()
    if "places" in p:
      queries = p["place_query"] + p["encoder.positions"][1:] @ p["place_proj.weight"].t()
      table = torch.cat([masked[:, 1:-k].flatten(0, 1), queries])
      asked = table.index_select(0, p["places"]).reshape(n, -1, x.size(2))
      logits = code_logits(localization(asked, tokens, p, s) @ tokens, p, s)
      if bool(s["masked"] != 0):
        l = torch.cross_entropy_loss(logits, p["codes"], None, 0, -100, float(s["smoothing"]))
        total = total + s["masked"] * (l * p["dropped"].flatten()).sum()
      if "echo.draws" in p:
        total = total + s["contrast"] * painted_echo(logits, tokens, p, s, margins)

  # section 4: across views
  if "masked.global.source" in p:
    kept = embedded(p["global"], p, "", patch).flatten(0, 1).index_select(0, p["masked.global.source"])
    masked = stellar_tokens(kept.reshape(2 * n, -1, x.size(2)), p, s, "")
    sets.append(masked[:, -k:])
    total = total + across_views(masked, sparse, p, s, margins)
  if len(sets) > 0:
    total = total + s["masked_koleo"] * koleo_of_sets(torch.cat(sets), margins)
  return with_margin(total, margins)
