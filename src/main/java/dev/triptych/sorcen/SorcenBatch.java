package dev.triptych.sorcen;

/// What one step of Sorcen sees, all its draws included. Cells are row-major, image after image.
///
/// @param step the step
/// @param codes true codes (images N)
/// @param masked which are masked (images N)
/// @param kept cells that the encoder sees, ascending (images kept)
/// @param weights 1 / (number of masked cells of the batch) where masked, else 0 (images N)
/// @param window what the teacher sees: 0 MASK, 1 the true code, 2 the echo's (images N)
/// @param echoDraws uniform numbers of [0, 1) that draw the echo (images N)
/// @param dropout key of dropout
public record SorcenBatch(long step, int[] codes, boolean[] masked, int[] kept, float[] weights, int[] window,
        float[] echoDraws, int dropout) {
    /// The window while echoes have not begun: the image's own codes where the echo's would be.
    public int[] trueWindow() {
        int[] own = window.clone();
        for (int i = 0; i < own.length; i++) {
            own[i] = Math.min(own[i], 1);
        }
        return own;
    }
}
