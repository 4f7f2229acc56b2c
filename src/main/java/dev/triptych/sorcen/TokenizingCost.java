package dev.triptych.sorcen;

import dev.triptych.data.codes.CodeSet;
import dev.triptych.data.set.ImageSet;
import dev.triptych.device.Device;
import dev.triptych.device.Session;
import dev.triptych.measure.time.Timing;
import dev.triptych.method.TrainingStep;
import dev.triptych.nn.AdamWRates;
import dev.triptych.recipe.Recipe;
import dev.triptych.tokenizer.Tokenizer;
import java.util.function.LongConsumer;

/// What stored codes save (Sorcen section 9.6): training steps of one model, fed from the code file, and fed from
/// images that the tokenizer encodes for every step. Both in turn, so that a busy machine is busy for both. Images come
/// from memory without augmentation: the least that training from images can cost.
public final class TokenizingCost {
    private static final double NANO = 1e-9;
    private static final int ROUNDS = 5;
    private static final int STEPS = 3;

    private final SorcenPrograms programs;
    private final TrainingStep<Sorcen.Objective> step;
    private final SorcenBatches batches;
    private final ImageSet images;
    private final Tokenizer tokenizer;
    private final int batch;
    private final float[] momentum;
    private final float[] pixels;
    private long number;

    private TokenizingCost(Recipe recipe, CodeSet codes, ImageSet images, Tokenizer tokenizer) {
        var stage = recipe.training().stages().getLast();
        this.programs = new SorcenPrograms(recipe);
        this.step = programs.train(stage);
        this.batch = recipe.training().batch();
        this.batches = new SorcenBatches(codes, recipe);
        this.images = images;
        this.tokenizer = tokenizer;
        this.momentum = new float[]{(float) stage.momentum()};
        this.pixels = new float[batch * 3 * images.side() * images.side()];
    }

    /// What one way costs.
    ///
    /// @param imagesPerSecond by the clock
    /// @param epochCpuSeconds processor time of one epoch, over all threads
    public record Cost(double imagesPerSecond, double epochCpuSeconds) {
    }

    /// Both ways; medians over rounds.
    ///
    /// @param stored from the code file
    /// @param online from images
    public record Result(Cost stored, Cost online) {
        /// The protocol in words, for a report.
        public String protocol() {
            return "whole training steps, from stored codes and from images in memory that are encoded for every step, "
                    + "in turn, medians of " + ROUNDS + " rounds of " + STEPS + " steps; CPU time of the process; no "
                    + "augmentation";
        }
    }

    /// Training steps that a measurement takes.
    public static long steps() {
        return 2L * (1 + ROUNDS) * STEPS;
    }

    /// Measures both ways.
    ///
    /// @param codes of the training images
    /// @param images these images
    /// @param did told how many more of [#steps] are done
    public static Result measure(Recipe recipe, CodeSet codes, ImageSet images, Tokenizer tokenizer, Device device,
            LongConsumer did) {
        var cost = new TokenizingCost(recipe, codes, images, tokenizer);
        try (Session session = device.bind(cost.programs.state(), cost.step.program())) {
            session.initialize(cost.programs.state(), recipe.seed());
            return cost.rounds(session, recipe, codes.size(), did);
        }
    }

    private Result rounds(Session session, Recipe recipe, int size, LongConsumer did) {
        var o = recipe.optimizer();
        var rates = new AdamWRates(step.descent().parameters(), t -> o.decayVectors() || t.rank() > 1, o.beta1(),
                o.beta2());
        double[][] seconds = new double[2][ROUNDS];
        double[][] cpu = new double[2][ROUNDS];
        for (int round = -1; round < ROUNDS; round++) { // the first one warms up
            for (int way = 0; way < 2; way++) {
                long begun = System.nanoTime();
                long used = Timing.cpuNanos();
                for (int s = 0; s < STEPS; s++) {
                    run(session, rates.next(o.lr(), o.weightDecay()), way == 1);
                }
                if (round >= 0) {
                    seconds[way][round] = (System.nanoTime() - begun) * NANO / (STEPS * batch);
                    cpu[way][round] = (Timing.cpuNanos() - used) * NANO / (STEPS * batch);
                }
                did.accept(STEPS);
            }
        }
        return new Result(cost(seconds[0], cpu[0], size), cost(seconds[1], cpu[1], size));
    }

    private static Cost cost(double[] seconds, double[] cpu, int size) {
        return new Cost(1 / new Timing(seconds).median(), size * new Timing(cpu).median());
    }

    private void run(Session session, float[] rates, boolean online) {
        var made = batches.make(number, null);
        if (online) {
            int[] indices = new int[batch];
            batches.order().indices(number, indices);
            images.images(indices, pixels, 0);
            tokenizer.encode(pixels, batch, made.codes());
        }
        number++;
        SorcenTask.upload(session, step.objective().inputs(), made, true);
        session.upload(step.descent().rates(), rates);
        if (step.momentum() != null) {
            session.upload(step.momentum(), momentum);
        }
        session.run(step.program());
    }
}
