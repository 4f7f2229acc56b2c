package dev.triptych.toy;

import dev.triptych.measure.feature.EncoderPair;
import dev.triptych.measure.feature.ImageEncoder;
import dev.triptych.measure.feature.JudgedImages;
import dev.triptych.method.EvaluationReport.Figure;
import dev.triptych.method.Judge;
import dev.triptych.method.Judging;
import dev.triptych.method.Option;
import dev.triptych.method.Trained;
import dev.triptych.method.Verdict;
import dev.triptych.method.Workplace;
import dev.triptych.program.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// Judges a toy by its squared error on test images, beside an untrained one.
final class ToyJudge implements Judge {
    static final Option<Integer> TIMES = new Option<>("--toy-times", Integer.class, "N", "Multiply the error by N.");

    @Override
    public List<Option<?>> options() {
        return List.of(TIMES);
    }

    @Override
    public Verdict judge(Trained run, Judging how, Workplace place) throws IOException {
        var sets = JudgedImages.open(run.recipe(), how, place);
        var programs = new ToyPrograms(run.recipe());
        var evaluation = programs.evaluate(1);
        try (var encoders = EncoderPair.open(run, programs, evaluation, place.device())) {
            Tensor prediction = evaluation.values().prediction();
            int times = how.value(TIMES, 1);
            var figure = new Figure("squared error", times * error(encoders.trained(), prediction, sets), "",
                    "mean over pixels of test images", Map.of("untrained", times * error(encoders.untrained(),
                            prediction, sets)));
            return new Verdict(run.facts(sets.facts(run.recipe()), place.device()), List.of(List.of(figure)),
                    List.of());
        }
    }

    private static double error(ImageEncoder encoder, Tensor prediction, JudgedImages sets) {
        double[] sum = new double[1];
        encoder.encode(sets.test(), List.of(), batch -> {
            float[] made = encoder.value(prediction);
            for (int i = 0; i < made.length; i++) {
                sum[0] += Math.pow(made[i] - batch.images()[i], 2) / made.length;
            }
        });
        return sum[0] / sets.test().size();
    }
}
