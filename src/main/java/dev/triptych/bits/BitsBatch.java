package dev.triptych.bits;

/// One training batch of BITS, on the host. Views are (3, H, W) planes in [0,1].
///
/// @param step number of the training step
/// @param global two global crops of every image (n * 2, 3, H, W), image-major: row 2 i + v is view v of image i
/// @param local local crops (n * L, 3, h, h), image-major
/// @param labels classes of the images (n), for probes beside the training only
public record BitsBatch(long step, float[] global, float[] local, int[] labels) {
}
