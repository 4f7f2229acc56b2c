package dev.triptych.check.train;

import dev.triptych.check.train.RecordedRun.Rates;
import dev.triptych.check.train.RecordedRun.Row;
import dev.triptych.io.vectors.Comparison;
import dev.triptych.io.vectors.VectorCase;
import dev.triptych.io.vectors.VectorReport;
import dev.triptych.methods.Methods;
import dev.triptych.recipe.Clip;
import dev.triptych.recipe.OptimizerSection;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.Stage;
import dev.triptych.recipe.TrainingSection;
import dev.triptych.train.Provenance;
import dev.triptych.train.RunFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongPredicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// Golden tables of training: the real trainer runs a case's stages on two numbers, every step of them, and what each
/// step is given is compared with the table.
///
/// In float32 it is what arrives on the device. In float64 it is what the schedules give for stage, step, length and
/// counters that the trainer names, before it is rounded on its way to a device.
public final class TrainerVectors {
    private static final String NAME = "trainer";
    private static final String FLOAT32 = "float32";

    /// A stage as a case states it.
    private record Span(Stage stage, long steps, double warmup) {
    }

    private TrainerVectors() {
    }

    /// What runs a case of the trainer here, and any other case as `otherwise` does.
    public static Function<VectorCase, VectorReport> or(String precision,
            Function<VectorCase, VectorReport> otherwise) {
        return data -> data.hyper().get("stages") instanceof List && data.tensors().has("inputs.stage_steps")
                ? run(data, precision)
                : otherwise.apply(data);
    }

    private static VectorReport run(VectorCase data, String precision) {
        var c = new Comparison(data, precision);
        try {
            compare(c, precision.equals(FLOAT32));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            c.fail("the trainer stopped: " + e);
        }
        return c.report(NAME);
    }

    private static void compare(Comparison c, boolean arrived) throws IOException {
        List<Span> spans = spans(c);
        long[] resets = c.has("draws.reset_steps") ? c.longs("draws.reset_steps") : new long[0];
        requireEqual(c, "hyper.reset_steps", numbers(c.data().hyper().get("reset_steps")), doubles(resets));
        LongPredicate sampled = c.has("inputs.sample_steps") ? among(c.longs("inputs.sample_steps")) : step -> true;
        var run = new RecordedRun(among(resets), sampled);
        long steps = train(c, spans, run);

        requireEqual(c, "integers.total_steps", integer(c, "total_steps"), steps);
        requireEqual(c, "integers.resets", integer(c, "resets"), run.resets());
        give(c, run.rows(), "step", Row::step);
        give(c, run.rows(), "stage", Row::stage);
        give(c, run.rows(), "stage_step", Row::stageStep);
        give(c, run.rows(), "body_counter", row -> row.body().counter());
        give(c, run.rows(), "head_counter", row -> row.head().counter());
        give(c, run.rows(), "lr", row -> arrived ? row.body().values()[0] : row.lr());
        give(c, run.rows(), "weight_decay", row -> arrived ? arrivedDecay(row) : row.weightDecay());
        give(c, run.rows(), "momentum", row -> arrived ? row.teacher() : row.momentum());
        for (int k = 1; k <= 2; k++) {
            int at = k + 1;
            double beta = betas(c)[k - 1];
            for (String part : List.of("body", "head")) {
                Function<Row, Rates> rates = part.equals("body") ? Row::body : Row::head;
                give(c, run.rows(), "one_minus_beta" + k + "_power_" + part, row -> arrived
                        ? rates.apply(row).values()[at]
                        : 1 - Math.pow(beta, rates.apply(row).counter()));
            }
        }
        for (Row row : run.rows()) {
            float[] body = row.body().values();
            float[] head = row.head().values();
            if (body[0] != head[0] || body[1] != head[1]) {
                c.fail("step " + row.step() + ": the head is given rate and decay " + head[0] + ", " + head[1]
                        + ", the body " + body[0] + ", " + body[1]);
            }
        }
        c.give("intermediates.warmup_steps", spans.stream()
                .mapToDouble(span -> optimizer(c, span.warmup()).warmupSteps(span.steps())).toArray());
    }

    /// Weight decay from the product with the rate that arrives. Where the rate is 0 so is the product, which then says
    /// nothing of the decay.
    private static double arrivedDecay(Row row) {
        float[] body = row.body().values();
        return body[0] == 0 && body[1] == 0 ? row.weightDecay() : (double) body[1] / body[0];
    }

    /// Trains all stages. A recipe has one share of warm-up for all of them, so where a stage has another than the one
    /// before, the run is stopped at its beginning and goes on from its checkpoint with that share.
    private static long train(Comparison c, List<Span> spans, RecordedRun run) throws IOException {
        Path folder = Files.createTempDirectory("triptych-trainer");
        try {
            List<Stage> stages = spans.stream().map(Span::stage).toList();
            var files = RunFolder.create(folder, recipe(c, stages, 0), new Provenance(Map.of()));
            Path resume = null;
            long steps = 0;
            long end = 0;
            for (int from = 0; from < spans.size();) {
                double warmup = spans.get(from).warmup();
                while (from < spans.size() && spans.get(from).warmup() == warmup) {
                    end += spans.get(from++).steps();
                }
                steps = run.train(recipe(c, stages, warmup), files, resume, end);
                resume = files.newest();
            }
            return steps;
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /// Any recipe, with the optimizer and the stages of the case.
    private static Recipe recipe(Comparison c, List<Stage> stages, double warmup) {
        Recipe any = Methods.RECIPES.load(Methods.RECIPES.names().getFirst(), List.of()).recipe();
        return new Recipe(any.method(), any.seed(), any.data(), any.augment(), any.encoder(), any.own(),
                optimizer(c, warmup),
                new TrainingSection(1, Integer.MAX_VALUE, Integer.MAX_VALUE, 1, stages), any.eval());
    }

    private static OptimizerSection optimizer(Comparison c, double warmup) {
        double[] betas = betas(c);
        return new OptimizerSection(c.hyper("base_lr"), c.hyper("min_lr"), warmup,
                Boolean.TRUE.equals(c.data().hyper().get("warmup_reaches_peak")), c.hyper("wd_start"),
                c.states("wd_end") ? c.hyper("wd_end") : null, true, betas[0], betas[1], 1e-8, Clip.NONE, 1);
    }

    private static double[] betas(Comparison c) {
        double[] betas = numbers(c.data().hyper().get("betas"));
        if (betas.length != 2) {
            throw new IllegalArgumentException("hyper.betas has " + betas.length + " numbers, expected 2");
        }
        return betas;
    }

    private static List<Span> spans(Comparison c) {
        if (!(c.data().hyper().get("stages") instanceof List<?> list)) {
            throw new IllegalArgumentException("hyper.stages is " + c.data().hyper().get("stages")
                    + ", expected a list");
        }
        var spans = new ArrayList<Span>();
        for (Object entry : list) {
            if (!(entry instanceof Map<?, ?> stage)) {
                throw new IllegalArgumentException("hyper.stages holds " + entry + ", expected an object");
            }
            double steps = number(stage, "steps");
            spans.add(new Span(new Stage(String.valueOf(stage.get("name")), steps, true, number(stage, "ema_start"),
                    number(stage, "ema_end"), 0.75, number(stage, "lr_scale")), (long) steps,
                    number(stage, "warmup_share")));
        }
        agrees(c, "stage_steps", spans, Span::steps);
        agrees(c, "warmup_share", spans, Span::warmup);
        agrees(c, "lr_scale", spans, span -> span.stage().lrScale());
        agrees(c, "ema_start", spans, span -> span.stage().momentum());
        agrees(c, "ema_end", spans, span -> span.stage().momentumFinal());
        return spans;
    }

    /// The numbers of the stages stand twice in a case.
    private static void agrees(Comparison c, String name, List<Span> spans, ToDoubleFunction<Span> value) {
        requireEqual(c, "inputs." + name, c.doubles("inputs." + name), spans.stream().mapToDouble(value).toArray());
    }

    private static void requireEqual(Comparison c, String what, double[] stored, double... found) {
        if (!Arrays.equals(stored, found)) {
            c.fail(what + " is " + Arrays.toString(stored) + ", but " + Arrays.toString(found) + " was found");
        }
    }

    private static double[] integer(Comparison c, String key) {
        return c.data().value("integers") instanceof Map<?, ?> map ? new double[]{number(map, key)} : new double[0];
    }

    private static void give(Comparison c, List<Row> rows, String name, ToDoubleFunction<Row> value) {
        c.give("intermediates." + name, rows.stream().mapToDouble(value).toArray());
    }

    private static LongPredicate among(long[] steps) {
        var sorted = LongStream.of(steps).sorted().toArray();
        return step -> Arrays.binarySearch(sorted, step) >= 0;
    }

    private static double[] doubles(long[] values) {
        return LongStream.of(values).asDoubleStream().toArray();
    }

    private static double number(Map<?, ?> map, String key) {
        if (map.get(key) instanceof Number number) {
            return number.doubleValue();
        }
        throw new IllegalArgumentException(key + " is " + map.get(key) + ", expected a number");
    }

    private static double[] numbers(Object json) {
        if (!(json instanceof List<?> list)) {
            throw new IllegalArgumentException(json + " found, expected a list of numbers");
        }
        return list.stream().mapToDouble(value -> ((Number) value).doubleValue()).toArray();
    }
}
