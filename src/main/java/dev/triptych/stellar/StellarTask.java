package dev.triptych.stellar;

import dev.triptych.data.codes.CodeTargets;
import dev.triptych.data.set.BatchLoader;
import dev.triptych.data.set.ImageSet;
import dev.triptych.data.view.ColourSettings;
import dev.triptych.device.Session;
import dev.triptych.encoder.View;
import dev.triptych.method.Feed;
import dev.triptych.method.Task;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.Stage;
import dev.triptych.stellar.StellarPrograms.Step;
import dev.triptych.tokenizer.Tokenizer;
import dev.triptych.train.RunException;
import java.util.Map;
import java.util.Optional;

/// STELLAR for the trainer: its views as batches, its health figures, its sign of collapse.
public final class StellarTask implements Task {
    private final Recipe recipe;
    private final ImageSet images;
    private final CodeTargets targets;
    private final StellarPrograms programs;
    private final CollapseWatch collapse;

    /// STELLAR on a set of images.
    ///
    /// @param tokenizer whose codes the decoder predicts; null for pixels
    /// @throws RunException where the recipe asks for codes and this is not the tokenizer for them
    public StellarTask(Recipe recipe, ImageSet images, Tokenizer tokenizer) {
        this.recipe = recipe;
        this.images = images;
        this.targets = targets(recipe, tokenizer);
        this.programs = new StellarPrograms(recipe);
        this.collapse = new CollapseWatch(recipe.stellar().prototypes());
    }

    /// What the decoder of a recipe predicts of a tokenizer; null where it predicts pixels, or does not learn.
    ///
    /// @throws RunException where it predicts codes, and there is no tokenizer or one with other codes
    public static CodeTargets targets(Recipe recipe, Tokenizer tokenizer) {
        var d = recipe.decoder();
        if (d.codes() == 0 || tokenizer == null && recipe.stellar().weights().reconstruction(d) == 0) {
            return null;
        }
        if (tokenizer == null) {
            throw new RunException("decoder.tokenizer is null, but the decoder predicts " + d.codes() + " codes; "
                    + "expected the tokenizer that gives them. Fit one with `triptych tokenize`, then give "
                    + "decoder.tokenizer=FILE, or train without the decoder: stellar.weights.reconstruction=0.");
        }
        String remedy = ". Give another decoder.tokenizer, or set ";
        if (tokenizer.codes() != d.codes()) {
            throw new RunException(d.tokenizer() + " has " + tokenizer.codes() + " codes; expected the recipe's "
                    + d.codes() + remedy + "decoder.codes=" + tokenizer.codes() + ".");
        }
        int side = recipe.data().side();
        try {
            return CodeTargets.of(tokenizer, side, side / recipe.encoder().patch());
        } catch (IllegalArgumentException e) {
            throw new RunException(d.tokenizer() + ": " + e.getMessage() + remedy + "encoder.patch.");
        }
    }

    @Override
    public StellarPrograms programs() {
        return programs;
    }

    @Override
    public Map<String, String> sources() {
        return targets == null ? Map.of() : Map.of("tokenizer", targets.tokenizer().sha256());
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
                var views = new StellarViews(images, settings(recipe, stage), recipe.seed(), targets);
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
    public static StellarViewSettings settings(Recipe recipe, Stage stage) {
        var a = recipe.augment();
        var s = recipe.stellar();
        return new StellarViewSettings(recipe.training().batch(), recipe.data().side(), s.maskedViews(), s.localCrops(),
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
        if (step.objective().codes() != null) {
            session.upload(step.objective().codes(), batch.codes());
        }
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
