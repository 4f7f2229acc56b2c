package dev.triptych.sorcen;

import dev.triptych.data.codes.CodeHeader;
import dev.triptych.data.codes.CodeSet;
import dev.triptych.data.codes.CodeWriter;
import dev.triptych.decoder.IterativeDecoding;
import dev.triptych.device.Session;
import dev.triptych.io.FormatException;
import dev.triptych.method.Generator;
import dev.triptych.method.InputException;
import dev.triptych.method.Outcome;
import dev.triptych.method.Trained;
import dev.triptych.method.Workplace;
import dev.triptych.sheet.Cell;
import dev.triptych.sheet.Sheet;
import dev.triptych.tokenizer.Tokenizer;
import dev.triptych.tokens.GenerationSettings;
import dev.triptych.tokens.Inpainting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Generates from a run of Sorcen: codes, the file of them, the sheet of what they decode to.
final class SorcenGenerator implements Generator {
    private static final int LARGEST_BATCH = 64;
    private static final int COLUMNS = 8;
    private static final int LARGEST_SHEET = 64;
    private static final int CELL = 96;
    private static final String NO_IMAGES = "0".repeat(64);
    /// The split of a code file that this writes.
    private static final String GENERATED = "generated";

    /// Writes `NAME.codes` and `NAME.png`.
    @Override
    public Outcome generate(Trained run, List<String> words, Path tokenizer, String name, Workplace place)
            throws IOException {
        var section = SorcenSection.of(run.recipe());
        var settings = GenerationSettings.of(words, section.generateIterations(), section.generateTemperature());
        String own = section.codes();
        if (own == null) {
            throw new InputException(run.folder() + ": its recipe names no code file; expected sorcen.codes, the codes "
                    + "that it was trained on. Restore the run's recipe.yaml.");
        }
        var codes = CodeSet.open(Path.of(own));
        run.requireSources(Map.of("tokenizer", codes.header().tokenizerSha256()),
                ", and write " + codes.path() + " again by `triptych tokenize`.");
        Path file = run.folder().resolve(name + ".codes");
        Path sheet = run.folder().resolve(name + ".png");
        requireFree(name, file, sheet, codes.path());
        Tokenizer book = SorcenJudge.tokenizer(SorcenOptions.tokenizer(codes, tokenizer, ""), codes, place);
        float[] picture = settings.part() == null ? null : settings.part().pixels(book.side());
        int[] grids = grids(run, settings, picture, book, place);
        write(file, codes.header(), settings.n(), grids);
        sheet(run, book, grids, picture, settings).write(sheet).ifPresent(place::remark);
        var use = CodeSet.open(file).use();
        var values = new LinkedHashMap<String, Object>();
        values.put("codes", file.toString());
        values.put("sheet", sheet.toString());
        values.put("images", settings.n());
        values.put("codes used", use.used());
        values.put("perplexity", use.perplexity());
        return new Outcome(List.of(String.format(Locale.ROOT,
                "%d grids of %d codes: %d codes used, perplexity %.1f (training images: %d, %.1f)", settings.n(),
                codes.positions(), use.used(), use.perplexity(), codes.use().used(), codes.use().perplexity()),
                "Codes: " + file, "Sheet: " + sheet), values);
    }

    /// Checks that nothing is lost by writing: only what was generated before is replaced.
    ///
    /// @param training the codes that the run is trained on, which nothing replaces
    private static void requireFree(String name, Path file, Path sheet, Path training) throws IOException {
        String taken = null;
        if (!Files.exists(file)) {
            taken = Files.exists(sheet)
                    ? sheet + " is there and no sheet of generated images, for there is no " + file.getFileName()
                    : null;
        } else if (Files.isSameFile(file, training)) {
            taken = file + " holds the codes that this run is trained on (sorcen.codes)";
        } else {
            String split = split(file);
            if (!split.equals(GENERATED)) {
                taken = file + " is there and no file of generated codes, but " + split;
            }
        }
        if (taken != null) {
            throw new InputException("--out " + name + ": " + taken + "; expected a name that is free, or one of codes "
                    + "that were generated before, which are replaced. Give another one.");
        }
    }

    /// `generated`, or in words what else a file is.
    private static String split(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return "a folder or other special file";
        }
        try {
            String split = CodeSet.open(file).header().split();
            return split.equals(GENERATED) ? split : "one of the split " + split;
        } catch (FormatException e) {
            return "one that cannot be read (" + e.getMessage() + ")";
        }
    }

    private static int[] grids(Trained run, GenerationSettings settings, float[] picture, Tokenizer book,
            Workplace place)
            throws IOException {
        var programs = new SorcenPrograms(run.recipe());
        var iteration = programs.generate(Math.min(LARGEST_BATCH, settings.n()));
        var sizes = programs.model().settings().encoder();
        try (Session session = place.device().bind(programs.state(), iteration.program())) {
            run.load(programs.state(), session);
            place.progress().begin("images", settings.n());
            var decoding = new IterativeDecoding(settings.iterations(), settings.temperature(), sizes.cells(),
                    sizes.codes());
            int[] start = picture == null ? null : start(settings.part(), book, picture, decoding.mask());
            return new Generation(session, iteration, decoding).generate(settings.n(), settings.seed(), start,
                    place.progress()::did);
        }
    }

    private static int[] start(Inpainting part, Tokenizer book, float[] picture, int mask) {
        int[] codes = new int[book.positions()];
        book.encode(picture, 1, codes);
        return part.start(codes, mask);
    }

    private static void write(Path file, CodeHeader from, int count, int[] grids) throws IOException {
        var header = new CodeHeader(from.grid(), from.codes(), 1, count, GENERATED, List.of(GENERATED),
                from.tokenizer(), from.tokenizerSha256(), NO_IMAGES);
        int n = header.positions();
        CodeWriter.write(file, header, i -> 0, new CodeWriter.Source() {
            @Override
            public void codes(int first, int images, int[] out) {
                System.arraycopy(grids, first * n, out, 0, images * n);
            }

            @Override
            public String imagesSha256() {
                return NO_IMAGES;
            }
        });
    }

    private static Sheet sheet(Trained run, Tokenizer book, int[] grids, float[] picture,
            GenerationSettings settings) {
        int shown = Math.min(LARGEST_SHEET, settings.n());
        int side = book.side();
        float[] images = new float[shown * 3 * side * side];
        book.decode(grids, shown, images);
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
        return new Sheet(run.title("Sorcen"), Collections.nCopies(columns, ""), rows,
                String.format(Locale.ROOT, "Generated: seed %d, %d iterations, temperature %.1f. Decoded by %s.",
                        settings.seed(), settings.iterations(), settings.temperature(), book.description()),
                CELL);
    }
}
