package dev.triptych.sorcen;

import dev.triptych.data.codes.CodeSet;
import dev.triptych.data.set.ClassNames;
import dev.triptych.device.Session;
import dev.triptych.measure.code.CodeGrids;
import dev.triptych.measure.feature.Features;
import dev.triptych.measure.feature.Knn;
import dev.triptych.measure.feature.OnlineFeatures;
import dev.triptych.method.EvaluationProgress;
import dev.triptych.method.Judging;
import dev.triptych.method.OnlineJudge;
import dev.triptych.method.Workplace;
import dev.triptych.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Looks at Sorcen's features while they are learnt: those of the codes that it is trained on, and of `test.codes`
/// beside them.
final class OnlineCodes {
    private static final int LARGEST_BATCH = 64;
    private static final String FEATURES = "features";

    private OnlineCodes() {
    }

    static OnlineJudge open(Recipe recipe, Workplace place) throws IOException {
        var options = new SorcenOptions(new Judging(0, false, Map.of()), SorcenSection.of(recipe));
        CodeSet train = options.train(Path.of(SorcenSection.of(recipe).codes()));
        CodeSet test = options.test(train);
        var how = recipe.eval();
        String absence = ClassNames.absence(train.header().classes());
        CodeGrids keys = some(train, how.keys());
        CodeGrids queries = some(test, how.queries());
        if (absence.isEmpty()) {
            Knn.require(keys.count(), "Raise eval.keys, or set eval.every=0.");
        }
        var programs = new SorcenTask(recipe, train).programs();
        var evaluation = programs.evaluate(Math.min(LARGEST_BATCH, Math.min(keys.count(), queries.count())));
        Session session = place.device().bind(programs.state(), evaluation.program());
        var encoder = new CodeEncoder(session, evaluation);
        return new OnlineFeatures(programs.state(), session, how, List.of(FEATURES), absence,
                () -> new OnlineFeatures.Seen(features(encoder, keys), features(encoder, queries)),
                OnlineFeatures.counts(queries.count(), keys.count()));
    }

    private static CodeGrids some(CodeSet set, int wanted) {
        return CodeGrids.of(set).select(OnlineFeatures.drawn(set.size(), wanted));
    }

    private static Map<String, Features> features(CodeEncoder encoder, CodeGrids grids) {
        return Map.of(FEATURES, encoder.encode(grids, EvaluationProgress.NONE::did));
    }
}
