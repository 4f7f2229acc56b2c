package dev.triptych.triptych;

import dev.triptych.data.codes.CodeTargets;
import dev.triptych.measure.feature.EncoderPair;
import dev.triptych.measure.feature.JudgedImages;
import dev.triptych.measure.feature.RawPixels;
import dev.triptych.method.EvaluationReport;
import dev.triptych.method.InputException;
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
import java.util.ArrayList;
import java.util.List;

/// Judges a run of Triptych: the weights of a checkpoint beside untrained ones, by what, where, message and prediction.
final class TriptychJudge implements Judge {
    /// Tokens of queries, and the pictures that have one of nearly the same message.
    private static final String OBJECTS = "objects.png";

    @Override
    public List<Option<?>> options() {
        return List.of(RawPixels.LEFT_OUT, TriptychOptions.GENERATED, TriptychOptions.EYE);
    }

    @Override
    public Verdict judge(Trained run, Judging how, Workplace place) throws IOException {
        Recipe recipe = run.recipe();
        var options = new TriptychOptions(how);
        int generated = options.generated();
        var sets = JudgedImages.open(recipe, how, place);
        if (generated > 0 && !sets.labelled()) {
            throw new InputException("--generated is " + generated + ", but " + sets.absence() + "; expected two "
                    + "classes at least, from which a classifier learns what pictures look like. Leave it out.");
        }
        var programs = new TriptychPrograms(recipe);
        var evaluation = programs.evaluate(sets.batch());
        boolean pixels = sets.labelled() && !how.value(RawPixels.LEFT_OUT, false);
        var widths = evaluation.values().parts();
        sets.requireRoom(pixels, widths.sparse().columns(), widths.cls().columns(), widths.dense().columns(),
                widths.lowRank().columns());
        CodeTargets targets = DecoderTargets.learnt(run, place);
        var tables = new ArrayList<List<EvaluationReport.Figure>>();
        try (var encoders = EncoderPair.open(run, programs, evaluation, place.device())) {
            TriptychFeatures values = evaluation.values();
            var trained = new Painter(encoders.trained(), values.parts(), targets);
            var untrained = new Painter(encoders.untrained(), values.parts(), targets);
            var found = new TokenEvaluation(sets.train(), sets.test(), pixels, place.progress())
                    .evaluate(trained, untrained);
            int judged = sets.test().size();
            tables.add(EvaluationReport.over(judged, found.figures()));
            MessageEvaluation.Found messages = null;
            if (values.messages()) {
                messages = new MessageEvaluation(sets.train(), sets.test(), place.progress()).evaluate(encoders,
                        values);
                tables.add(EvaluationReport.over(judged, messages.figures()));
                if (trained.paints()) {
                    tables.add(new RateDistortion(trained, values).figures(run, programs, sets.train(), sets.test(),
                            place));
                }
            }
            if (targets != null && programs.model().settings().weights().predicts()) {
                var prediction = new PredictionEvaluation(run, programs, targets, place.device(), place.progress());
                tables.add(EvaluationReport.over(judged, List.of(prediction.dropped(sets.test()))));
                if (generated > 0) {
                    tables.add(EvaluationReport.over(generated,
                            prediction.generated(generated, sets.train(), options.classifier(run.folder()))));
                }
            } else if (generated > 0) {
                throw new InputException("--generated is " + generated + ", but this run predicts no dropped cells; "
                        + "expected triptych.weights.masked or triptych.weights.contrast above 0, and the tokenizer. "
                        + "Leave it out.");
            }
            var features = new FeatureSheet(found.space(), sets.labelled() ? sets.test().classes() : List.of());
            String title = run.title("Triptych");
            Sheet sheet = new TokenSheet(recipe, trained, sets.test(), how.images()).sheet(title,
                    "Images that training never saw.");
            Sheet retrieval = new RetrievalSheet(List.of(found.retrieval()), RetrievalSheet.Side.of(sets.test()),
                    RetrievalSheet.Side.of(sets.train()), how.images()).sheet("Retrieval, " + title);
            Sheet objects = messages == null
                    ? null
                    : new ObjectSheet(encoders.trained(), values.parts(), messages, sets.test(), how.images())
                            .sheet("Retrieval by one object, " + title);
            return new Verdict(run.facts(sets.facts(recipe, "kNN", "linear probe", "mAP"), place.device()), tables,
                    List.of(new Picture(Verdict.SHEET, sheet::write),
                            new Picture(Verdict.RETRIEVAL, retrieval::write),
                            new Picture(Verdict.FEATURES, file -> features.write("Features, " + title, file)),
                            objects == null
                                    ? new Picture(OBJECTS, null, "this run has no messages of tokens")
                                    : new Picture(OBJECTS, objects::write)));
        }
    }
}
