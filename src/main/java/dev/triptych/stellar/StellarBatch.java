package dev.triptych.stellar;

/// One training batch of STELLAR, on the host. Images are (3, H, W) planes in [0,1].
///
/// @param step number of the training step
/// @param image global crop 0 without colour augmentation (B, 3, H, W): encoded in full and reconstructed
/// @param globalViews colour-augmented global crops (B * views, 3, H, W), image-major; view 0 has the crop of `image`,
///        view 1 is a teacher's input
/// @param localViews colour-augmented local crops (B * M, 3, h, h), image-major
/// @param idsKeep kept patches of the masked views (B * V, keep), image-major, in order of increasing noise
/// @param codes that a tokenizer gives `image` (B * N); empty where the decoder predicts pixels
/// @param labels classes of the images (B), for probes beside the training only
public record StellarBatch(long step, float[] image, float[] globalViews, float[] localViews, int[] idsKeep,
        int[] codes, int[] labels) {
}
