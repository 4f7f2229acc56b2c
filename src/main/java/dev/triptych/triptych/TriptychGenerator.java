package dev.triptych.triptych;

import dev.triptych.data.codes.CodeTargets;
import dev.triptych.data.codes.CodeUse;
import dev.triptych.method.Generator;
import dev.triptych.method.InputException;
import dev.triptych.method.Outcome;
import dev.triptych.method.Trained;
import dev.triptych.method.Workplace;
import dev.triptych.program.Program;
import dev.triptych.sheet.Cell;
import dev.triptych.sheet.Sheet;
import dev.triptych.tokens.DecoderTargets;
import dev.triptych.tokens.GenerationSettings;
import dev.triptych.tokens.Inpainting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.function.IntConsumer;

/// Generates from a run of Triptych: pictures of which nothing is visible at first, or all but a part (section 3), as a
/// sheet.
final class TriptychGenerator implements Generator {
    private static final int LARGEST_BATCH = 64;
    private static final int COLUMNS = 8;
    private static final int LARGEST_SHEET = 64;
    private static final int CELL = 96;

    /// Writes `NAME.png`.
    @Override
    public Outcome generate(Trained run, List<String> words, Path tokenizer, String name, Workplace place)
            throws IOException {
        var settings = GenerationSettings.of(words, PredictionEvaluation.ITERATIONS,
                PredictionEvaluation.TEMPERATURE);
        if (tokenizer != null) {
            throw new InputException("--tokenizer " + tokenizer + ": a run of Triptych paints with the tokenizer that "
                    + "it learnt from, decoder.tokenizer. Leave it out.");
        }
        var programs = new TriptychPrograms(run.recipe());
        CodeTargets targets = DecoderTargets.learnt(run, place);
        if (targets == null || !programs.model().settings().weights().predicts()) {
            throw new InputException(run.folder() + ": this run predicts no dropped cells; expected one whose "
                    + "triptych.weights.masked is above 0, with its tokenizer. Choose another run.");
        }
        Path file = run.folder().resolve(name + ".png");
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new InputException("--out " + name + ": " + file + " is no file; expected a name that is free. Give "
                    + "another one.");
        }
        int mask = targets.tokenizer().codes() + 1;
        float[] picture = settings.part() == null ? null : settings.part().pixels(run.recipe().data().side());
        int[] known = picture == null ? null : known(settings.part(), targets, picture, mask);
        int visible = known == null ? 0 : (int) Arrays.stream(known).filter(id -> id != mask).count();
        var decoding = new PaintedDecoding(programs, targets, settings.iterations(), settings.temperature(),
                Math.min(LARGEST_BATCH, settings.n()), visible);
        int[] grids;
        try (var session = place.device().bind(programs.state(), decoding.programs().toArray(Program[]::new))) {
            run.load(programs.state(), session);
            place.progress().begin("images", settings.n());
            IntConsumer did = place.progress()::did;
            grids = known == null
                    ? decoding.generate(session, settings.n(), settings.seed(), did)
                    : decoding.complete(session, picture, known, settings.n(), settings.seed(), did);
        }
        sheet(run, decoding, grids, picture, settings).write(file).ifPresent(place::remark);
        var use = new CodeUse(targets.tokenizer().codes());
        use.add(grids, grids.length);
        var values = new LinkedHashMap<String, Object>();
        values.put("sheet", file.toString());
        values.put("images", settings.n());
        values.put("codes used", use.used());
        values.put("perplexity", use.perplexity());
        return new Outcome(List.of(String.format(Locale.ROOT, "%d pictures of %d codes: %d codes used, perplexity %.1f",
                settings.n(), targets.positions(), use.used(), use.perplexity()), "Sheet: " + file), values);
    }

    private static int[] known(Inpainting part, CodeTargets targets, float[] picture, int mask) {
        int[] codes = new int[targets.positions()];
        targets.encode(picture, 1, codes);
        return part.start(codes, mask);
    }

    private static Sheet sheet(Trained run, PaintedDecoding decoding, int[] grids, float[] picture,
            GenerationSettings settings) {
        int shown = Math.min(LARGEST_SHEET, settings.n());
        int side = run.recipe().data().side();
        float[] images = decoding.paint(grids, shown);
        var rows = new ArrayList<Sheet.Row>();
        if (picture != null) {
            rows.add(new Sheet.Row("", List.of(Cell.image(picture, 0, side, side),
                    Cell.image(settings.part().hidden(picture, side), 0, side, side))));
        }
        for (int first = 0; first < shown; first += COLUMNS) {
            var cells = new ArrayList<Cell>();
            for (int i = first; i < Math.min(shown, first + COLUMNS); i++) {
                cells.add(Cell.image(images, i * 3 * side * side, side, side));
            }
            rows.add(new Sheet.Row("", cells));
        }
        int columns = Math.max(Math.min(COLUMNS, shown), picture == null ? 1 : 2);
        return new Sheet(run.title("Triptych"), Collections.nCopies(columns, ""), rows,
                String.format(Locale.ROOT, "Generated: seed %d, %d iterations, temperature %.1f.", settings.seed(),
                        settings.iterations(), settings.temperature()),
                CELL);
    }
}
