def contrast_head(x: Tensor, p: Dict[str, Tensor], name: str, margins: List[Tensor]) -> Tensor:
  """Linear, batch normalisation, ReLU, linear (Sorcen section 2.6, Sorcen section 4.3, Sorcen section 4.4)."""
  y = linear(x, p, name + ".fc1")
  y = torch.batch_norm(y, p[name + ".bn.weight"], p[name + ".bn.bias"], None, None, True, 0.1, 1e-05, False)
  return linear(relu(y, margins), p, name + ".fc2")

def embedded_codes(ids: Tensor, places: Tensor, p: Dict[str, Tensor], eps: float) -> Tensor:
  """LN(W[i] + P[p]), Sorcen section 2.2."""
  x = p["encoder.codes"].index_select(0, ids) + p["encoder.positions"].index_select(0, places)
  return norm(x, p, "encoder.embedding_norm", eps)

def drawn_echo(logits: Tensor, draws: Tensor, candidates: int, margins: List[Tensor]) -> Tensor:
  """A code for each cell, from the most likely ones behind the first (Sorcen section 4.1)."""
  behind = torch.topk(logits, candidates + 1)[1][:, 1:]
  kept = torch.sort(behind)[0]
  cumulative = torch.softmax(logits.gather(1, kept), 1).cumsum(1)
  which = torch.searchsorted(cumulative, draws.unsqueeze(1), right=True).clamp_max(candidates - 1)
  margins += [smallest_gap(logits).min(), torch.abs(cumulative - draws.unsqueeze(1)).min()]
  return kept.gather(1, which).squeeze(1)

def info_nce(rows: Tensor, columns: Tensor, temperature: Tensor) -> Tensor:
  """Each row must find the column of its own number (Sorcen section 4.5)."""
  similarity = unit(rows, 1e-12) @ unit(columns, 1e-12).t() / temperature
  return torch.cross_entropy_loss(similarity, torch.arange(rows.size(0)))

def sorcen_reconstruction(z: Tensor, p: Dict[str, Tensor], s: Dict[str, Tensor]) -> Tuple[Tensor, Tensor]:
  """The loss of the masked codes that the decoder predicts from z (B, visible, D), and its logits (B N, K).
  Sorcen section 2.5, Sorcen section 3."""
  eps = float(s["eps"])
  positions = p["decoder.positions"]
  h = linear(z, p, "decoder.proj").flatten(0, 1).index_select(0, p["slots"])
  x = h.reshape(z.size(0), positions.size(0), -1) + positions
  x = norm(blocks(x, p, "decoder.blocks.", int(s["heads"]), eps), p, "decoder.norm", eps)
  x = norm(torch.gelu(linear(x, p, "head.fc")), p, "head.norm", float(s["head_eps"]))
  words = p["encoder.codes"][:-2].detach()
  logits = torch.linear(x[:, 1:], words, p["head.bias"][:-2]).flatten(0, 1)
  loss = torch.cross_entropy_loss(logits, p["codes"], None, 0, -100, float(s["smoothing"]))
  return (loss * p["mask.weights"].flatten()).sum(), logits

def sorcen(p: Dict[str, Tensor], s: Dict[str, Tensor]) -> Tensor:
  """The objective (Sorcen section 4.7) with uniformity (Sorcen section 4.6) and window (Sorcen section 4.2), and the
  margin of its closest choice."""
  margins = annotate(List[Tensor], [])
  if "momentum" in p:
    p = moved_teacher(p)
  b, n = p["mask.weights"].size(0), p["mask.weights"].size(1)
  cls = p["encoder.codes"].size(0) - 2
  heads = int(s["heads"])
  eps = float(s["eps"])

  # z = enc(visible codes); the masked ones are predicted
  x = embedded_codes(p["visible.ids"], p["visible.places"], p, eps).reshape(b, -1, p["encoder.codes"].size(1))
  z = norm(blocks(x, p, "encoder.blocks.", heads, eps), p, "encoder.norm", eps)
  total, logits = sorcen_reconstruction(z, p, s)

  # uniformity: the mean squared cosine of the pooled latents
  f = unit(z[:, 1 - int(s["uniformity_cls"]):].mean(1), 1e-12)
  total = total + s["uniformity"] * ((f @ f.t()) ** 2).mean()
  if "window" not in p:
    return with_margin(total, margins)

  # the echo within the window, as the teacher sees it
  echo = p["codes"]
  if "echo.draws" in p:
    echo = drawn_echo(logits.detach(), p["echo.draws"], int(s["candidates"]), margins)
  window = p["window"].flatten()
  ids = torch.where(window == 0, cls + 1, torch.where(window == 1, p["codes"], echo)).reshape(b, n)
  ids = torch.cat([torch.full_like(ids[:, :1], cls), ids], 1).flatten()
  x = embedded_codes(ids, torch.arange(1 + n).repeat([b]), p, eps).detach().reshape(b, 1 + n, -1)
  x = norm(blocks(x, p, "teacher.encoder.blocks.", heads, eps), p, "encoder.norm", eps)
  head = "teacher_projector" if "teacher_projector.fc1.weight" in p else "teacher.projector"
  echoes = contrast_head(x[:, 1:].mean(1).detach(), p, head, margins)

  # the student's prediction of it
  g = contrast_head(z[:, 1 - int(s["project_cls"]):].mean(1), p, "projector", margins)
  if "predictor.fc1.weight" in p:
    g = contrast_head(g, p, "predictor", margins)
  forth = info_nce(echoes, g, s["temperature"])
  back = info_nce(g, echoes, s["temperature"])
  return with_margin(total + s["contrast"] * (s["forth"] * forth + (1 - s["forth"]) * back), margins)
