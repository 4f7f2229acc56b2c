package dev.triptych.measure.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.triptych.data.file.RgbImage;
import dev.triptych.libtorch.Script;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/// Classes of pixels from the scores of patches, beside libtorch's bilinear interpolation.
class InterpolationLiveTest {
    private static final double MARGIN = 1e-5;

    @Property
    void classesOfPixels(@ForAll @IntRange(min = 1, max = 7) int grid, @ForAll @IntRange(min = 1, max = 7) int patch,
            @ForAll @IntRange(min = 2, max = 7) int classes, @ForAll long seed) {
        var random = CounterRandom.of(seed, Stream.CHECK, 3, 2);
        int side = grid * patch;
        float[] scores = new float[grid * grid * classes];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = (float) random.gaussian();
        }
        var picture = new RgbImage(side, side, new byte[3 * side * side]);
        int[] ours = PictureWindows.of(picture, side, side, patch).classes(scores, classes);
        try (NDManager manager = Script.manager().newSubManager()) {
            NDArray x = manager.create(scores, new Shape(1, grid, grid, classes));
            NDList best = Script.of("x: Tensor, side: Tensor", """
                    y = torch.upsample_bilinear2d(x.permute(0, 3, 1, 2), [int(side), int(side)], False)
                    first, second = torch.unbind(torch.topk(y[0], 2, 0)[0])
                    return torch.stack([y[0].argmax(0).to(y.dtype), first - second])
                    """).run(new NDList(x, manager.create((long) side)));
            float[] theirs = best.head().toFloatArray();
            for (int i = 0; i < ours.length; i++) {
                if (theirs[ours.length + i] > MARGIN) {
                    assertEquals(theirs[i], ours[i], "class of pixel " + i + " of " + side + " x " + side);
                }
            }
        }
    }
}
