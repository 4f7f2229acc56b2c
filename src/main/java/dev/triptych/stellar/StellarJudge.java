package dev.triptych.stellar;

import dev.triptych.data.codes.CodeTargets;
import dev.triptych.measure.feature.EncoderPair;
import dev.triptych.measure.feature.JudgedImages;
import dev.triptych.measure.feature.RawPixels;
import dev.triptych.method.EvaluationReport;
import dev.triptych.method.Judge;
import dev.triptych.method.Judging;
import dev.triptych.method.Option;
import dev.triptych.method.Trained;
import dev.triptych.method.Verdict;
import dev.triptych.method.Verdict.Picture;
import dev.triptych.method.Workplace;
import dev.triptych.recipe.Recipe;
import dev.triptych.sheet.FeatureSheet;
import dev.triptych.sheet.RetrievalSheet;
import dev.triptych.sheet.Sheet;
import dev.triptych.tokens.DecoderTargets;
import dev.triptych.tokens.Painter;
import dev.triptych.tokens.TokenEvaluation;
import dev.triptych.tokens.TokenSheet;
import java.io.IOException;
import java.util.List;

/// Judges a run of STELLAR: the weights of a checkpoint beside untrained ones, with what the tokens show.
final class StellarJudge implements Judge {
    @Override
    public List<Option<?>> options() {
        return List.of(RawPixels.LEFT_OUT);
    }

    @Override
    public Verdict judge(Trained run, Judging how, Workplace place) throws IOException {
        Recipe recipe = run.recipe();
        var sets = JudgedImages.open(recipe, how, place);
        var programs = new StellarPrograms(recipe);
        var evaluation = programs.evaluate(sets.batch());
        boolean pixels = sets.labelled() && !how.value(RawPixels.LEFT_OUT, false);
        var values = evaluation.values();
        sets.requireRoom(pixels, values.sparse().columns(), values.cls().columns(), values.dense().columns(),
                values.lowRank().columns());
        CodeTargets targets = DecoderTargets.learnt(run, place);
        try (var encoders = EncoderPair.open(run, programs, evaluation, place.device())) {
            var trained = new Painter(encoders.trained(), evaluation.values(), targets);
            var untrained = new Painter(encoders.untrained(), evaluation.values(), targets);
            var found = new TokenEvaluation(sets.train(), sets.test(), pixels, place.progress())
                    .evaluate(trained, untrained);
            var features = new FeatureSheet(found.space(), sets.labelled() ? sets.test().classes() : List.of());
            String title = run.title("STELLAR");
            Sheet sheet = new TokenSheet(recipe, trained, sets.test(), how.images()).sheet(title,
                    "Images that training never saw.");
            Sheet retrieval = new RetrievalSheet(List.of(found.retrieval()), RetrievalSheet.Side.of(sets.test()),
                    RetrievalSheet.Side.of(sets.train()), how.images()).sheet("Retrieval, " + title);
            return new Verdict(run.facts(sets.facts(recipe, "kNN", "linear probe"), place.device()),
                    List.of(EvaluationReport.over(sets.test().size(), found.figures())),
                    List.of(new Picture(Verdict.SHEET, sheet::write),
                            new Picture(Verdict.RETRIEVAL, retrieval::write),
                            new Picture(Verdict.FEATURES, file -> features.write("Features, " + title, file))));
        }
    }
}
