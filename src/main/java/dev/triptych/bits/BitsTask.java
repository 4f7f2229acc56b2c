package dev.triptych.bits;

import dev.triptych.channel.HeadReset;
import dev.triptych.data.set.BatchLoader;
import dev.triptych.data.set.Fingerprint;
import dev.triptych.data.set.ImageSet;
import dev.triptych.device.Session;
import dev.triptych.method.Feed;
import dev.triptych.method.Task;
import dev.triptych.method.TrainingStep;
import dev.triptych.nn.AdamWRates;
import dev.triptych.nn.DropPath;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.Stage;
import dev.triptych.train.RunException;
import java.util.Map;
import java.util.Optional;

/// BITS for the trainer: multi-crop views, re-initialisation of the head (BITS-reset), the state of the channel.
public final class BitsTask implements Task {
    private final Recipe recipe;
    private final ImageSet images;
    private final BitsPrograms programs;
    private final ChannelWatch watch = new ChannelWatch();

    /// BITS on a set of images.
    public BitsTask(Recipe recipe, ImageSet images) {
        this.recipe = recipe;
        this.images = images;
        this.programs = new BitsPrograms(recipe);
    }

    @Override
    public BitsPrograms programs() {
        return programs;
    }

    @Override
    public int size() {
        return images.size();
    }

    @Override
    public Fingerprint examples() {
        return Fingerprint.of(images);
    }

    /// Adaptation (specification section 6.5): student and teacher both begin as the other run's teacher.
    @Override
    public void adopt(Session session, boolean teacher) {
        if (!teacher) {
            throw new RunException("the checkpoint of --init-from has no teacher; expected one of a run of BITS, whose "
                    + "teacher is what adaptation goes on from. Choose another run.");
        }
        State state = programs.state();
        state.teachers().forEach((name, t) -> session.upload(state.parameter(name), session.download(t)));
    }

    @Override
    public Part part(Stage stage) {
        return new BitsPart(programs.train(stage));
    }

    /// Copies a batch, and the decisions of drop path for its step, into the inputs of a step.
    private void upload(Session session, Bits.Inputs in, BitsBatch batch) {
        session.upload(in.global(), batch.global());
        if (in.local() != null) {
            session.upload(in.local(), batch.local());
        }
        Tensor keep = in.dropPath().keep();
        if (keep != null) {
            session.upload(keep, DropPath.draw(CounterRandom.of(recipe.seed(), Stream.DROPOUT, batch.step(), 0),
                    in.dropPath().rates(), keep.side(2)));
        }
    }

    private final class BitsPart implements Part {
        private final TrainingStep<Bits.Objective> step;

        BitsPart(TrainingStep<Bits.Objective> step) {
            this.step = step;
        }

        @Override
        public TrainingStep<Bits.Objective> step() {
            return step;
        }

        @Override
        public Feed<BitsBatch> feed(Session session, long first, long end) {
            var views = new BitsViews(images, recipe);
            return new Feed<>(new BatchLoader<>(views, first, end),
                    batch -> upload(session, step.objective().inputs(), batch));
        }

        @Override
        public Optional<String> before(Session session, AdamWRates rates, long t, long length) {
            var bits = BitsSection.of(recipe);
            int number = HeadReset.due(t, length, bits.resetSteps(images.size() / recipe.training().batch()));
            boolean first = t == 0 && bits.resetFirst();
            if (number == 0 && !first) {
                return Optional.empty();
            }
            Bits.RESET.apply(session, programs.state(), rates, recipe.seed(), number);
            return Optional.of("the head of student and teacher was re-initialised"
                    + (first ? "" : ", reset " + number));
        }

        @Override
        public Map<String, Double> health(Session session) {
            return BitsHealth.of(session, step.objective());
        }

        @Override
        public Optional<String> watch(Map<String, Double> figures) {
            return watch.see(figures);
        }
    }
}
