package dev.triptych.cli;

import dev.triptych.data.codes.CodeHeader;
import dev.triptych.data.codes.CodeSet;
import dev.triptych.data.codes.CodeWriter;
import dev.triptych.decoder.IterativeDecoding;
import dev.triptych.device.Device;
import dev.triptych.device.Session;
import dev.triptych.io.FormatException;
import dev.triptych.method.Evaluation;
import dev.triptych.methods.SavedTokenizer;
import dev.triptych.recipe.Method;
import dev.triptych.recipe.Recipe;
import dev.triptych.sheet.Cell;
import dev.triptych.sheet.Sheet;
import dev.triptych.sorcen.Generation;
import dev.triptych.sorcen.SorcenPrograms;
import dev.triptych.tokenizer.Tokenizer;
import dev.triptych.train.Checkpoint;
import dev.triptych.train.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// One generation from the command line: codes, the file of them, the sheet of what they decode to.
final class GenerationRun {
    private static final int LARGEST_BATCH = 64;
    private static final int COLUMNS = 8;
    private static final int LARGEST_SHEET = 64;
    private static final int CELL = 96;
    private static final String NO_IMAGES = "0".repeat(64);
    /// The split of a code file that this command wrote.
    private static final String GENERATED = "generated";

    private final Terminal terminal;
    private final RunFolder run;
    private final Path checkpoint;
    private final Path tokenizer;
    private final Device device;

    /// @param tokenizer a saved codebook or the folder of a VQ-VAE; null for the codebook beside the run's code file
    GenerationRun(Terminal terminal, RunFolder run, Path checkpoint, Path tokenizer, Device device) {
        this.terminal = terminal;
        this.run = run;
        this.checkpoint = checkpoint;
        this.tokenizer = tokenizer;
        this.device = device;
    }

    /// Generates, and writes `NAME.codes` and `NAME.png` into the run folder.
    void generate(GenerateCommand.Settings settings, String name) throws IOException {
        Recipe recipe = run.recipe();
        if (recipe.method() != Method.SORCEN || recipe.sorcen().codes() == null) {
            throw new InputException(run.path() + ": a run of " + recipe.method()
                    + "; expected one of SORCEN, because only its decoder gives codes. Give --run a Sorcen run.");
        }
        var codes = CodeSet.open(Path.of(recipe.sorcen().codes()));
        var position = Checkpoint.position(checkpoint);
        position.requireSources(checkpoint, Map.of("tokenizer", codes.header().tokenizerSha256()),
                ", and write " + codes.path() + " again by `triptych tokenize`.");
        Path file = run.path().resolve(name + ".codes");
        Path sheet = run.path().resolve(name + ".png");
        requireFree(name, file, sheet, codes.path());
        Path decoder = BesideCodes.tokenizer(codes, tokenizer, "");
        try (Tokenizer book = SavedTokenizer.open(decoder, codes, device)) {
            int[] grids = grids(recipe, settings);
            write(file, codes.header(), settings.n(), grids);
            sheet(book, grids, settings, position.step()).write(sheet).ifPresent(terminal::remark);
        }
        var use = CodeSet.open(file).use();
        terminal.print(String.format(Locale.ROOT,
                "%d grids of %d codes: %d codes used, perplexity %.1f (training images: %d, %.1f)", settings.n(),
                codes.positions(), use.used(), use.perplexity(), codes.use().used(), codes.use().perplexity()));
        terminal.print("Codes: " + file);
        terminal.print("Sheet: " + sheet);
        var result = new LinkedHashMap<String, Object>();
        result.put("codes", file.toString());
        result.put("sheet", sheet.toString());
        result.put("images", settings.n());
        result.put("codes used", use.used());
        result.put("perplexity", use.perplexity());
        terminal.result(result);
        Runs.page(run, terminal);
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

    private int[] grids(Recipe recipe, GenerateCommand.Settings settings) throws IOException {
        var programs = new SorcenPrograms(recipe);
        Evaluation evaluation = programs.generate(Math.min(LARGEST_BATCH, settings.n()));
        var sizes = programs.model().settings().encoder();
        try (Session session = device.bind(programs.state(), evaluation.program());
                var working = terminal.working("images", settings.n())) {
            Checkpoint.load(checkpoint, programs.state(), session, null);
            return new Generation(session, evaluation, new IterativeDecoding(settings.iterations(),
                    settings.temperature(), sizes.cells(), sizes.codes())).generate(settings.n(), settings.seed(),
                            working::did);
        }
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

    private Sheet sheet(Tokenizer book, int[] grids, GenerateCommand.Settings settings, long step) {
        int shown = Math.min(LARGEST_SHEET, settings.n());
        int side = book.side();
        float[] images = new float[shown * 3 * side * side];
        book.decode(grids, shown, images);
        var rows = new ArrayList<Sheet.Row>();
        for (int first = 0; first < shown; first += COLUMNS) {
            var cells = new ArrayList<Cell>();
            for (int i = first; i < Math.min(shown, first + COLUMNS); i++) {
                cells.add(Cell.image(images, i * 3 * side * side, side, side));
            }
            rows.add(new Sheet.Row("", cells));
        }
        String name = Runs.name(run);
        return new Sheet("Sorcen, " + name + ", step " + step, Collections.nCopies(Math.min(COLUMNS, shown), ""), rows,
                String.format(Locale.ROOT, "Generated: seed %d, %d iterations, temperature %.1f. Decoded by %s.",
                        settings.seed(), settings.iterations(), settings.temperature(), book.description()),
                CELL);
    }
}
