package dev.triptych.triptych;

import dev.triptych.echo.SquareWindow;
import java.util.List;

/// One training batch, on the host, with all draws. Images are (3, H, W) planes in [0, 1]; what the recipe's weights
/// leave out is empty.
///
/// @param step number of the training step
/// @param image x0 (n, 3, H, W)
/// @param global g_1, then g_2 of all images (2 n, 3, H, W)
/// @param local crop by crop of all images (M n, 3, h, h)
/// @param kept patches of x0m (n m), in order of increasing noise
/// @param keptGlobal patches of masked g_1, then of masked g_2 (2 n m_g)
/// @param codes of x0 (n N)
/// @param echoDraws uniform numbers of [0, 1) (n N)
/// @param windows of the echo, all of one side (n)
public record TriptychBatch(long step, float[] image, float[] global, float[] local, int[] kept, int[] keptGlobal,
        int[] codes, float[] echoDraws, List<SquareWindow> windows) {
}
