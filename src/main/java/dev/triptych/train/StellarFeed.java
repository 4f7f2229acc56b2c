package dev.triptych.train;

import dev.triptych.data.BatchLoader;
import dev.triptych.data.ColourSettings;
import dev.triptych.data.ImageSet;
import dev.triptych.data.StellarBatch;
import dev.triptych.data.StellarViews;
import dev.triptych.data.ViewSettings;
import dev.triptych.device.Session;
import dev.triptych.encoder.View;
import dev.triptych.method.StellarPrograms.Step;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.Stage;

/// Makes STELLAR's batches of a stage ahead of training and copies them into the inputs of its step.
public final class StellarFeed {
    private StellarFeed() {
    }

    /// What the views of a stage are, for the makers of batches.
    public static ViewSettings settings(Recipe recipe, Stage stage) {
        var a = recipe.augment();
        var s = recipe.stellar();
        var colour = new ColourSettings((float) a.jitterProbability(), (float) a.brightness(), (float) a.contrast(),
                (float) a.saturation(), (float) a.hue(), (float) a.grayscale(), (float) a.blurProbability(),
                a.blurKernel(), (float) a.blurSigma().low(), (float) a.blurSigma().high());
        return new ViewSettings(recipe.training().batch(), recipe.data().side(), s.maskedViews(), s.localCrops(),
                s.localSide(), (float) a.globalScale().low(), (float) a.globalScale().high(),
                (float) a.localScale().low(), (float) a.localScale().high(), (float) a.flip(), colour,
                a.sharedColour(), stage.teacher(), recipe.encoder().patch(), stage.maskRatio(),
                s.maskKind());
    }

    /// Batches of the steps `first` to `end - 1`, counted over the whole run.
    public static BatchLoader<StellarBatch> loader(Recipe recipe, Stage stage, ImageSet images, long first, long end) {
        return new BatchLoader<>(new StellarViews(images, settings(recipe, stage), recipe.seed()), first, end);
    }

    /// Copies a batch into the inputs of a step.
    public static void upload(Session session, Step step, StellarBatch batch) {
        Program p = step.program();
        session.upload(p.inputs().get("image"), batch.image());
        uploadIfUsed(session, p, "global", batch.globalViews());
        uploadIfUsed(session, p, "local", batch.localViews());
        if (p.inputs().containsKey("masked.source")) {
            uploadMasks(session, step, batch.idsKeep());
        }
    }

    /// Copies the kept patches of masked views (rows image-major over views, kept cells each) into a step's inputs.
    public static void uploadMasks(Session session, Step step, int[] idsKeep) {
        Program p = step.program();
        var views = step.views();
        int n = p.inputs().get("masked.cells.first").count() - 1;
        View.maskedInputs(idsKeep, views.kept(), views.maskedViews(), views.globalViews(), n)
                .forEach((name, values) -> session.upload(p.inputs().get(name), values));
    }

    private static void uploadIfUsed(Session session, Program p, String name, float[] values) {
        Tensor tensor = p.inputs().get(name);
        if (tensor != null) {
            session.upload(tensor, values);
        }
    }
}
