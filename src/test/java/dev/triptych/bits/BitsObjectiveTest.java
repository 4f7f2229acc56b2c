package dev.triptych.bits;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.device.HostSession;
import dev.triptych.program.Arena;
import dev.triptych.program.Tensor;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import dev.triptych.trial.Trial;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Where gradients of BITS's objective stop, what they reach, and that float32 computes what float64 proves.
class BitsObjectiveTest {
    static List<BitsMiniature> miniatures() {
        return BitsMiniature.all();
    }

    private static CounterRandom random() {
        return CounterRandom.of(5, Stream.CHECK, 2, 0);
    }

    /// Section 1.3: the teacher "never receives gradients". Its averages are no parameters, so nothing is left to stop.
    @ParameterizedTest
    @MethodSource("miniatures")
    void theTeacherReceivesNoGradient(BitsMiniature miniature) {
        Trial trial = miniature.trial(random());
        assertEquals(List.of(), trial.program().stopGradients());
        assertEquals(trial.state().parameters().keySet(), trial.state().teachers().keySet());
        trial.state().teachers().forEach((name, tensor) -> {
            assertFalse(tensor.differentiable());
            assertNull(trial.gradients().of(tensor));
        });
        assertTrue(trial.program().launches().stream().noneMatch(l -> l.output().arena() == Arena.TEACHER));
    }

    @ParameterizedTest
    @MethodSource("miniatures")
    void everyParameterOfTheStudentGetsAGradient(BitsMiniature miniature) {
        Trial trial = miniature.trial(random());
        List<Tensor> parameters = trial.gradients().parameters();
        assertEquals(List.copyOf(trial.state().parameters().values()), parameters);
        try (HostSession session = trial.bind()) {
            session.run(trial.program());
            for (Tensor parameter : parameters) {
                float[] gradient = session.download(trial.gradients().of(parameter));
                assertTrue(IntStream.range(0, gradient.length).anyMatch(i -> gradient[i] != 0f),
                        () -> "The gradient of " + parameter + " is zero");
            }
        }
    }

    /// Those in which an image's logits depend on no other image.
    static List<BitsMiniature> imageByImage() {
        return miniatures().stream().filter(m -> !m.batchNorm() && (m.dropPath() == 0 || m.batch() >= 4)).toList();
    }

    /// View v of image i is row 2 i + v of the input and sequence n v + i of the encoder: images in another order give
    /// the same logits in that order.
    @ParameterizedTest
    @MethodSource("imageByImage")
    void logitsBelongToTheirImages(BitsMiniature miniature) {
        Trial trial = miniature.trial(random());
        Tensor global = trial.program().inputs().get("global");
        Tensor mask = trial.program().inputs().get("droppath");
        Tensor logits = trial.program().launches().stream().filter(l -> l.operation().equals("bitCrossEntropy"))
                .findFirst().orElseThrow().tensors().getFirst();
        int n = miniature.batch();
        int size = global.count() / n;
        float[] pixels = trial.values(global);
        float[] turned = new float[pixels.length];
        for (int i = 0; i < n; i++) {
            System.arraycopy(pixels, i * size, turned, (i + 1) % n * size, size);
        }
        try (HostSession session = trial.bind()) {
            if (mask != null) {
                float[] all = new float[mask.count()];
                java.util.Arrays.fill(all, 1f);
                session.upload(mask, all);
            }
            session.run(trial.program());
            float[] before = session.download(logits);
            session.upload(global, turned);
            session.run(trial.program());
            float[] after = session.download(logits);
            int bits = miniature.bits();
            for (int row = 0; row < 2 * n; row++) {
                int to = row / n * n + (row % n + 1) % n;
                assertArrayEquals(java.util.Arrays.copyOfRange(before, row * bits, (row + 1) * bits),
                        java.util.Arrays.copyOfRange(after, to * bits, (to + 1) * bits), 1e-5f);
            }
        }
    }
}
