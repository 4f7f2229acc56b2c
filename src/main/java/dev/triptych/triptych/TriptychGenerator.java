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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;

/// Generates from a run of Triptych: pictures of which nothing is visible at first (section 3), as a sheet.
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
        var decoding = new PaintedDecoding(programs, targets, settings.iterations(), settings.temperature(),
                Math.min(LARGEST_BATCH, settings.n()), 0);
        int[] grids;
        try (var session = place.device().bind(programs.state(), decoding.programs().toArray(Program[]::new))) {
            run.load(programs.state(), session);
            place.progress().begin("images", settings.n());
            grids = decoding.generate(session, settings.n(), settings.seed(), place.progress()::did);
        }
        sheet(run, decoding, grids, settings).write(file).ifPresent(place::remark);
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

    private static Sheet sheet(Trained run, PaintedDecoding decoding, int[] grids, GenerationSettings settings) {
        int shown = Math.min(LARGEST_SHEET, settings.n());
        int side = run.recipe().data().side();
        float[] images = decoding.paint(grids, shown);
        var rows = new ArrayList<Sheet.Row>();
        for (int first = 0; first < shown; first += COLUMNS) {
            var cells = new ArrayList<Cell>();
            for (int i = first; i < Math.min(shown, first + COLUMNS); i++) {
                cells.add(Cell.image(images, i * 3 * side * side, side, side));
            }
            rows.add(new Sheet.Row("", cells));
        }
        return new Sheet(run.title("Triptych"), Collections.nCopies(Math.min(COLUMNS, shown), ""), rows,
                String.format(Locale.ROOT, "Generated: seed %d, %d iterations, temperature %.1f.", settings.seed(),
                        settings.iterations(), settings.temperature()),
                CELL);
    }
}
