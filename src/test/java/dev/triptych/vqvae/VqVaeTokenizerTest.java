package dev.triptych.vqvae;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.device.plain.PlainDevice;
import dev.triptych.methods.Methods;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VqVaeTokenizerTest {
    private static final int IMAGES = 6;

    private static float[] numbers(long seed, int count, float most) {
        var random = new SplittableRandom(seed);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = most * (2 * random.nextFloat() - 1);
        }
        return numbers;
    }

    /// Batches are made on several threads, and each of them asks the one tokenizer.
    @Test
    void threadsWaitForOneAnother() throws InterruptedException {
        var recipe = Methods.RECIPES.load("vqvae-micro", List.of()).recipe();
        var programs = new VqVaePrograms(recipe);
        try (var device = new PlainDevice()) {
            var encode = programs.evaluate(4);
            var decode = programs.decode(4);
            var session = device.bind(programs.state(), encode.program(), decode.program());
            session.initialize(programs.state(), recipe.seed());
            programs.state().buffers().forEach((name, tensor) -> { // codes that the latents reach
                if (name.endsWith("codebook")) {
                    session.upload(tensor, numbers(9, tensor.count(), 0.02f));
                }
            });
            try (var tokenizer = new VqVaeTokenizer(session, programs, encode, decode)) {
                var wrong = new AtomicInteger();
                var threads = IntStream.range(0, 3).mapToObj(t -> {
                    float[] images = numbers(t, IMAGES * 3 * tokenizer.side() * tokenizer.side(), 0.5f);
                    int[] expected = new int[IMAGES * tokenizer.positions()];
                    tokenizer.encode(images, IMAGES, expected);
                    assertTrue(Arrays.stream(expected).distinct().count() > 2, () -> Arrays.toString(expected));
                    return new Thread(() -> {
                        for (int turn = 0; turn < 40; turn++) {
                            int[] codes = new int[expected.length];
                            tokenizer.encode(images, IMAGES, codes);
                            wrong.addAndGet(Arrays.equals(expected, codes) ? 0 : 1);
                        }
                    });
                }).toList();
                threads.forEach(Thread::start);
                for (Thread thread : threads) {
                    thread.join();
                }
                assertEquals(0, wrong.get());
            }
        }
    }
}
