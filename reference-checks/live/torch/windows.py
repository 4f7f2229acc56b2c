def windows(x: Tensor, w: List[int]) -> Tensor:
  """Every window of k x k as a row. x (batch height width, c), w = batch, height, width, k, stride, pad."""
  x = x.reshape(w[0], w[1], w[2], -1).permute(0, 3, 1, 2)
  return torch.im2col(x, [w[3], w[3]], [1, 1], [w[5], w[5]], [w[4], w[4]]).transpose(1, 2).flatten(0, 1)

def sums_of_windows(y: Tensor, w: List[int]) -> Tensor:
  """Adds up windows on a map. y (windows, c k k): (batch height width, c)."""
  y = y.reshape(w[0], -1, y.size(1)).transpose(1, 2)
  x = torch.col2im(y, [w[1], w[2]], [w[3], w[3]], [1, 1], [w[5], w[5]], [w[4], w[4]])
  return x.permute(0, 2, 3, 1).flatten(0, 2)
