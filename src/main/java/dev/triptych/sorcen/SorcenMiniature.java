package dev.triptych.sorcen;

import dev.triptych.decoder.CodeDecoder;
import dev.triptych.echo.EchoContrast;
import dev.triptych.echo.EchoContrast.Direction;
import dev.triptych.encoder.CodeTransformer;
import dev.triptych.program.CodeOperations.Candidates;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.program.Twinned;
import dev.triptych.random.CounterRandom;
import dev.triptych.trial.Component;
import dev.triptych.trial.FiniteDifferences;
import dev.triptych.trial.Trial;
import java.util.List;

/// A Sorcen so small that every one of its parameters can be moved: width 8, two blocks, one of the decoder, 9 cells of
/// 7 codes. Each setting switches something that changes the objective.
///
/// @param name what differs from the main recipe
/// @param batch B
/// @param dropout rate in encoder, decoder and teacher
/// @param uniformity weight of the uniformity term
/// @param uniformityCls whether its latent includes CLS
/// @param echo the contrast; null for masked prediction alone
@Twinned
public record SorcenMiniature(String name, int batch, float dropout, float uniformity, boolean uniformityCls,
        Sorcen.Echo echo) {
    private static final int GRID = 3;
    private static final int CELLS = GRID * GRID;
    private static final int DROPS = 5;
    private static final int CODES = 7;
    private static final float EPS = 1e-6f;
    private static final Candidates NEXT_FOUR = new Candidates(4, true, false);
    private static final FiniteDifferences.Effort SAMPLED = new FiniteDifferences.Effort(16, 8, 8);

    /// The settings, the main recipe first.
    public static List<SorcenMiniature> all() {
        return List.of(new SorcenMiniature("main recipe", 4, 0f, 0.3f, true, contrast(Direction.ECHOES, 6, false)),
                new SorcenMiniature("dropout", 4, 0.3f, 0.3f, true, contrast(Direction.ECHOES, 6, false)),
                new SorcenMiniature("rows are predictions", 3, 0f, 0.3f, false,
                        contrast(Direction.PREDICTIONS, 6, false)),
                new SorcenMiniature("both directions, no predictor", 3, 0f, 0f, true,
                        contrast(Direction.BOTH, 0, false)),
                new SorcenMiniature("gradient in the teacher's projector, CLS projected, true codes", 4, 0f, 0.3f, true,
                        new Sorcen.Echo(0.7f, null, new EchoContrast(0.3f, Direction.ECHOES), 5, 4, 6, true, true)),
                new SorcenMiniature("masked prediction alone", 2, 0f, 0f, true, null));
    }

    private static Sorcen.Echo contrast(Direction direction, int predictor, boolean projectCls) {
        return new Sorcen.Echo(0.7f, NEXT_FOUR, new EchoContrast(0.3f, direction), 5, 4, predictor, projectCls, false);
    }

    /// Gradient checks of the whole objective with respect to every parameter: every entry of small tensors for the
    /// main recipe, a sample of entries and random directions for the switches.
    public static List<Component> components() {
        return all().stream().map(m -> new Component("Sorcen, whole objective: " + m.name(),
                m.name().equals("main recipe") ? FiniteDifferences.Effort.FULL : SAMPLED, m::trial)).toList();
    }

    /// The objective with its gradient, values in all inputs and parameters.
    public Trial trial(CounterRandom random) {
        var state = new State();
        var model = new Sorcen(state, settings());
        var program = new Program("Sorcen, " + name, state);
        Tensor momentum = echo == null ? null : model.updateTeacher(program);
        var objective = model.objective(program, batch);
        var trial = Trial.around(program, program.gradient(objective.loss().total()), random);
        trial.enliven();
        feed(trial, objective.inputs());
        if (momentum != null) {
            trial.upload(momentum, new float[]{0.9f});
        }
        return trial;
    }

    /// Draws codes, masks, windows and echoes.
    private void feed(Trial trial, Sorcen.Inputs in) {
        CounterRandom random = trial.random();
        int[] codes = new int[batch * CELLS];
        boolean[] masked = new boolean[codes.length];
        int[] kept = new int[batch * (CELLS - DROPS)];
        int[] window = new int[codes.length];
        int count = 0;
        for (int b = 0; b < batch; b++) {
            int[] rank = random.permutation(CELLS);
            int masks = DROPS + random.below(CELLS - DROPS);
            int at = b * (CELLS - DROPS);
            for (int cell = 0; cell < CELLS; cell++) {
                codes[b * CELLS + cell] = random.below(CODES);
                masked[b * CELLS + cell] = rank[cell] < masks;
                window[b * CELLS + cell] = random.below(3);
                if (rank[cell] >= DROPS) {
                    kept[at++] = cell;
                }
            }
            count += masks;
        }
        float[] weights = new float[codes.length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = masked[i] ? 1f / count : 0f;
        }
        trial.upload(in.masked().codes(), codes);
        trial.upload(in.masked().weights(), weights);
        in.masked().cells().give(codes, masked, kept, trial::upload);
        if (in.dropout().key() != null) {
            trial.upload(in.dropout().key(), random.nextInt());
        }
        if (in.window() != null) {
            trial.upload(in.window(), window);
        }
        if (in.draws() != null) {
            trial.upload(in.draws(), trial.uniform(in.draws().count(), 0, 1));
        }
    }

    /// The model's settings.
    public Sorcen.Settings settings() {
        return new Sorcen.Settings(new CodeTransformer.Settings(CODES, CELLS, 8, 2, 2, 12, EPS), CELLS - DROPS,
                new CodeDecoder.Settings(CODES, CELLS, 8, 1, 2, 12, EPS, 1e-5f), dropout, true, 0.1f, uniformity,
                uniformityCls, echo);
    }
}
