package dev.triptych.data.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.triptych.data.view.RandomResizedCrop;
import dev.triptych.data.view.Resampling;
import dev.triptych.libtorch.Script;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/// Crops and scaled pictures beside libtorch's bicubic interpolation.
class ResamplingLiveTest {
    /// In all three ways: as PyTorch interpolates, with corners in place, and as Pillow does.
    @Property
    void crops(@ForAll @IntRange(min = 1, max = 40) int height, @ForAll @IntRange(min = 1, max = 40) int width,
            @ForAll @IntRange(min = 2, max = 20) int side, @ForAll boolean flip, @ForAll Resampling resampling,
            @ForAll long seed) {
        var random = CounterRandom.of(seed, Stream.CHECK, 3, 0);
        float[] image = new float[3 * height * width];
        for (int i = 0; i < image.length; i++) {
            image[i] = (float) random.uniformDouble();
        }
        int rows = 1 + random.below(height);
        int columns = 1 + random.below(width);
        var box = new RandomResizedCrop.Box(random.below(height - rows + 1), random.below(width - columns + 1), rows,
                columns, flip);
        float[] ours = new float[3 * side * side];
        new RandomResizedCrop(side, resampling).apply(image, 0, height, width, box, ours, 0);
        try (NDManager manager = Script.manager().newSubManager()) {
            NDArray x = manager.create(image, new Shape(1, 3, height, width));
            NDArray corner = manager.create(new long[]{box.top(), box.left(), rows, columns, side, flip ? 1 : 0,
                    resampling.ordinal()});
            float[] theirs = Script.of("x: Tensor, box: Tensor", """
                    top, left, height, width, side, flip, how = annotate(List[int], box.tolist())
                    crop = x[:, :, top:top + height, left:left + width]
                    if how == 2:
                      y = torch._upsample_bicubic2d_aa(crop, [side, side], False, None, None).clamp(0, 1)
                    else:
                      y = torch.upsample_bicubic2d(crop, [side, side], how == 1).clamp(0, 1)
                    return torch.flip(y, [3]) if flip == 1 else y
                    """).run(new NDList(x, corner)).head().toFloatArray();
            for (int i = 0; i < ours.length; i++) {
                assertEquals(theirs[i], ours[i], 5e-6, "number " + i + " of " + box);
            }
        }
    }

    /// Of values that never reach 0 or 255, where one of both cuts earlier than the other. Results have two columns or
    /// more: libtorch 2.7.1 gives every row of a single column the first row's value (a column of 10, 20, 60 scaled to
    /// two pixels becomes 11.9, 11.9 and not 11.9, 46.4, which it gives beside another column).
    @Property
    void pictures(@ForAll @IntRange(min = 1, max = 40) int height, @ForAll @IntRange(min = 1, max = 40) int width,
            @ForAll @IntRange(min = 2, max = 30) int side, @ForAll long seed) {
        var random = CounterRandom.of(seed, Stream.CHECK, 3, 1);
        byte[] planes = new byte[3 * height * width];
        float[] image = new float[planes.length];
        for (int i = 0; i < planes.length; i++) {
            image[i] = 80 + random.below(96);
            planes[i] = (byte) image[i];
        }
        RgbImage ours = new RgbImage(width, height, planes).withShortSide(side);
        try (NDManager manager = Script.manager().newSubManager()) {
            NDArray x = manager.create(image, new Shape(1, 3, height, width));
            NDArray size = manager.create(new long[]{ours.height(), ours.width()});
            float[] theirs = Script.of("x: Tensor, size: Tensor",
                    "torch._upsample_bicubic2d_aa(x, annotate(List[int], size.tolist()), False, None, None)")
                    .run(new NDList(x, size)).head().toFloatArray();
            for (int i = 0; i < theirs.length; i++) {
                assertEquals(theirs[i], ours.planes()[i] & 0xFF, 0.5 + 1e-3, "byte " + i + ", which is rounded");
            }
        }
    }
}
