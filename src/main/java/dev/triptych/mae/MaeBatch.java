package dev.triptych.mae;

/// One training batch of MAE, on the host.
///
/// @param step number of the training step
/// @param image pixels in [0, 1] (B, 3, side, side)
/// @param kept cells that the mask keeps (B * kept)
public record MaeBatch(long step, float[] image, int[] kept) {
}
