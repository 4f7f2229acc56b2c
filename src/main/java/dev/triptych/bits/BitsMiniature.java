package dev.triptych.bits;

import dev.triptych.channel.BitAgreement;
import dev.triptych.channel.BitsHead;
import dev.triptych.channel.CodingRate;
import dev.triptych.channel.Messages;
import dev.triptych.encoder.VisionTransformer;
import dev.triptych.nn.DropPath;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.program.Twinned;
import dev.triptych.random.CounterRandom;
import dev.triptych.trial.Component;
import dev.triptych.trial.FiniteDifferences;
import dev.triptych.trial.Trial;
import java.util.List;

/// A BITS so small that every one of its parameters can be moved: width 8, two blocks, 9 patches of 2 x 2 pixels, local
/// crops of 4. Each setting switches something that changes the objective.
///
/// @param name what differs from the main recipe
/// @param batch n
/// @param bits B
/// @param localCrops L
/// @param messages what is predicted
/// @param agreement how
/// @param rate the coding rate
/// @param batchNorm at the end of the head
/// @param beta weight of the rate
/// @param dropPath of the last block
@Twinned
public record BitsMiniature(String name, int batch, int bits, int localCrops, Messages messages,
        BitAgreement agreement, CodingRate rate, boolean batchNorm, float beta, float dropPath) {
    private static final int GRID = 3;
    private static final int PATCH = 2;
    private static final int LOCAL_GRID = 2;
    private static final float E = 0.05f;
    private static final CodingRate RATE = new CodingRate(E, false, false);
    private static final Messages BITS = Messages.HARD;
    private static final FiniteDifferences.Effort SAMPLED = new FiniteDifferences.Effort(16, 8, 8);

    /// The settings, the main recipe first.
    public static List<BitsMiniature> all() {
        return List.of(
                new BitsMiniature("n < B", 2, 5, 1, BITS, BitAgreement.BCE, RATE, false, 0.1f, 0.4f),
                new BitsMiniature("n > B", 4, 3, 2, BITS, BitAgreement.BCE, RATE, false, 0.1f, 0.4f),
                new BitsMiniature("no local crops, no drop path", 3, 5, 0, BITS, BitAgreement.BCE, RATE, false, 0.1f,
                        0f),
                new BitsMiniature("soft targets", 2, 5, 1, new Messages(0.1f), BitAgreement.BCE, RATE, false, 0.1f,
                        0.4f),
                new BitsMiniature("cosine", 2, 5, 1, BITS, BitAgreement.COSINE, RATE, false, 0.1f, 0.4f),
                new BitsMiniature("centred", 3, 4, 1, BITS, BitAgreement.BCE, new CodingRate(E, true, false), false,
                        0.1f, 0.4f),
                new BitsMiniature("teacher in the rate", 3, 4, 1, BITS, BitAgreement.BCE,
                        new CodingRate(E, false, true), false, 0.1f, 0.4f),
                new BitsMiniature("batch norm", 3, 4, 1, BITS, BitAgreement.BCE, RATE, true, 0.1f, 0.4f),
                new BitsMiniature("beta 0", 2, 5, 1, BITS, BitAgreement.BCE, RATE, false, 0f, 0.4f));
    }

    /// Gradient checks of the whole objective with respect to every parameter: every entry of small tensors for n < B
    /// and n > B, a sample of entries and random directions for the switches.
    public static List<Component> components() {
        return all().stream().map(m -> new Component("BITS, whole objective: " + m.name(),
                m.name().matches("n [<>] B") ? FiniteDifferences.Effort.FULL : SAMPLED, m::trial)).toList();
    }

    /// The objective with its gradient, values in all inputs and parameters.
    public Trial trial(CounterRandom random) {
        return trial(random, false);
    }

    /// The same.
    ///
    /// @param all whether rows are made as well that nobody reads
    public Trial trial(CounterRandom random, boolean all) {
        var state = new State();
        var model = new Bits(state, settings());
        var program = new Program("BITS, " + name, state);
        if (all) {
            program.makingAll();
        }
        var objective = model.objective(program, new Bits.Views(batch, localCrops, LOCAL_GRID));
        var trial = Trial.around(program, program.gradient(objective.loss().total()), random);
        trial.enliven();
        var in = objective.inputs();
        trial.upload(in.global(), trial.uniform(in.global().count(), 0, 1));
        Tensor keep = in.dropPath().keep();
        if (keep != null) {
            trial.upload(keep, DropPath.draw(random, in.dropPath().rates(), keep.side(2)));
        }
        if (in.local() != null) {
            trial.upload(in.local(), trial.uniform(in.local().count(), 0, 1));
        }
        return trial;
    }

    /// The model's settings.
    public Bits.Settings settings() {
        return new Bits.Settings(new VisionTransformer.Settings(GRID, PATCH, 8, 2, 2, 12, 1e-6f),
                new BitsHead.Settings(6, bits, 0.9f, batchNorm), messages, agreement, rate, beta,
                DropPath.linear(dropPath, 2),
                VisionTransformer.Pixels.IMAGENET);
    }
}
