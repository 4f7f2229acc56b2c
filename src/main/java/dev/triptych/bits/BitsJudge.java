package dev.triptych.bits;

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
import java.io.IOException;
import java.util.List;

/// Judges a run of BITS: the teacher of a checkpoint beside an untrained one, with what its bits mean.
final class BitsJudge implements Judge {
    @Override
    public List<Option<?>> options() {
        return List.of(RawPixels.LEFT_OUT);
    }

    @Override
    public Verdict judge(Trained run, Judging how, Workplace place) throws IOException {
        Recipe recipe = run.recipe();
        var sets = JudgedImages.open(recipe, how, place);
        var programs = new BitsPrograms(recipe);
        var evaluation = programs.evaluate(sets.batch());
        boolean pixels = sets.labelled() && !how.value(RawPixels.LEFT_OUT, false);
        var values = evaluation.values();
        int cls = values.cls().columns();
        int dense = values.dense().columns();
        // the probe reads CLS and the mean of D beside each other, once more
        sets.requireRoom(pixels, cls, dense, values.logits().columns(), cls + dense);
        try (var encoders = EncoderPair.open(run, programs, evaluation, place.device())) {
            var found = new BitsEvaluation(sets, recipe, pixels, place.progress()).evaluate(encoders,
                    evaluation.values());
            var facts = run.facts(sets.facts(recipe, "kNN", "linear probe", "mAP", "I(b; class)", "classes of bits"),
                    place.device());
            facts.put("database", found.database().size()
                    + " training images in an order drawn at random, by which ties are broken");
            if (!found.cost().isEmpty()) {
                facts.put("Hamming retrieval", found.cost());
            }
            var features = new FeatureSheet(found.space(), sets.labelled() ? sets.test().classes() : List.of());
            String title = run.title("BITS");
            Sheet sheet = new BitSheet(found.codes(), sets.test(), how.images()).sheet(title);
            Sheet retrieval = new RetrievalSheet(found.retrieval(), RetrievalSheet.Side.of(sets.test()),
                    RetrievalSheet.Side.of(found.database()), how.images()).sheet("Retrieval, " + title);
            return new Verdict(facts, List.of(EvaluationReport.over(sets.test().size(), found.figures())),
                    List.of(new Picture(Verdict.SHEET, sheet::write),
                            new Picture(Verdict.RETRIEVAL, retrieval::write),
                            new Picture(Verdict.FEATURES, file -> features.write("Features, " + title, file))));
        }
    }
}
