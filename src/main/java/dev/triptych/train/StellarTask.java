package dev.triptych.train;

import dev.triptych.data.BatchLoader;
import dev.triptych.data.ColourSettings;
import dev.triptych.data.ImageSet;
import dev.triptych.data.StellarBatch;
import dev.triptych.data.StellarViews;
import dev.triptych.data.ViewSettings;
import dev.triptych.device.Session;
import dev.triptych.encoder.View;
import dev.triptych.method.StellarPrograms;
import dev.triptych.method.StellarPrograms.Step;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.Stage;
import java.util.Map;
import java.util.Optional;

/// STELLAR for the trainer: its views as batches, its health figures, its sign of collapse.
public final class StellarTask implements Task {
    private final Recipe recipe;
    private final ImageSet images;
    private final StellarPrograms programs;
    private final CollapseWatch collapse;

    /// STELLAR on a set of images.
    public StellarTask(Recipe recipe, ImageSet images) {
        this.recipe = recipe;
        this.images = images;
        this.programs = new StellarPrograms(recipe);
        this.collapse = new CollapseWatch(recipe.stellar().prototypes());
    }

    @Override
    public StellarPrograms programs() {
        return programs;
    }

    @Override
    public int size() {
        return images.size();
    }

    @Override
    public Part part(Stage stage) {
        Step step = programs.train(stage);
        return new Part() {
            @Override
            public Step step() {
                return step;
            }

            @Override
            public Feed<StellarBatch> feed(Session session, long first, long end) {
                var views = new StellarViews(images, settings(recipe, stage), recipe.seed());
                return new Feed<>(new BatchLoader<>(views, first, end), batch -> upload(session, step, batch));
            }

            @Override
            public Map<String, Double> health(Session session) {
                return StellarHealth.of(session, step);
            }

            @Override
            public Optional<String> watch(Map<String, Double> figures) {
                return collapse.see(figures);
            }
        };
    }

    /// What the views of a stage are, for the makers of batches.
    public static ViewSettings settings(Recipe recipe, Stage stage) {
        var a = recipe.augment();
        var s = recipe.stellar();
        return new ViewSettings(recipe.training().batch(), recipe.data().side(), s.maskedViews(), s.localCrops(),
                s.localSide(), (float) a.globalScale().low(), (float) a.globalScale().high(),
                (float) a.localScale().low(), (float) a.localScale().high(), (float) a.flip(), ColourSettings.of(a),
                a.sharedColour(), stage.teacher(), recipe.encoder().patch(), stage.maskRatio(),
                s.maskKind());
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
