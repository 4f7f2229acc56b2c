package dev.triptych.cli;

import dev.triptych.data.codes.BesideCodes;
import dev.triptych.data.codes.CodeHeader;
import dev.triptych.data.codes.CodeMaker;
import dev.triptych.data.codes.CodeWriter;
import dev.triptych.data.codes.PatchSample;
import dev.triptych.data.set.ImageSet;
import dev.triptych.data.source.Split;
import dev.triptych.device.Device;
import dev.triptych.io.Json;
import dev.triptych.measure.code.CodeFigures;
import dev.triptych.method.EvaluationReport;
import dev.triptych.method.InputException;
import dev.triptych.method.Registry;
import dev.triptych.method.SavedTokenizer;
import dev.triptych.recipe.Tokenization;
import dev.triptych.tokenizer.KMeans;
import dev.triptych.tokenizer.PatchCodebook;
import dev.triptych.tokenizer.Tokenizer;
import dev.triptych.train.TokenizerFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// One conversion of images to codes: tokenizer, images, file, figures. Nothing is written before everything that can
/// be refused has been checked.
final class TokenizeRun {
    private static final String KMEANS = "kmeans";
    private static final int SIDE = 32;

    private final Terminal terminal;
    private final Registry methods;
    private final Images opened;
    private final List<String> settings;
    private final Split split;
    private final int views;
    private final Path save;
    private final boolean force;
    private final boolean unaccepted;

    /// @param settings overrides `key=value`
    /// @param split which images become codes
    /// @param views of each image
    /// @param save where a fitted codebook goes; null for beside the codes
    /// @param force whether files may be replaced
    /// @param unaccepted whether a VQ-VAE may serve that was not accepted
    TokenizeRun(Terminal terminal, Registry methods, List<String> settings, Split split, int views, Path save,
            boolean force,
            boolean unaccepted) {
        this.terminal = terminal;
        this.methods = methods;
        this.opened = new Images(terminal);
        this.settings = settings;
        this.split = split;
        this.views = views;
        this.save = save;
        this.force = force;
        this.unaccepted = unaccepted;
    }

    /// Fits or opens the tokenizer, then writes codes and figures.
    ///
    /// @param name `kmeans`, or a saved tokenizer
    void run(String name, Device device) throws IOException {
        if (save != null && !name.equals(KMEANS)) {
            throw new InputException("--save " + save + " goes with --tokenizer kmeans, which fits a codebook; found "
                    + "--tokenizer " + name + ". Leave --save out.");
        }
        if (name.equals(KMEANS)) {
            var keys = Tokenization.of(SIDE, settings);
            Path out = out(keys);
            Path codebook = save == null ? BesideCodes.codebook(out) : save;
            requireNew(codebook);
            write(keys, out, fit(keys, codebook));
            return;
        }
        var saved = TokenizerFiles.open(Path.of(name), methods, device);
        try (Tokenizer tokenizer = saved.tokenizer()) {
            var keys = Tokenization.of(tokenizer.side(), settings);
            requireAccepted(saved);
            write(keys, out(keys), resized(tokenizer, keys.data().side()));
        }
    }

    private void requireAccepted(SavedTokenizer saved) throws IOException {
        String objection = saved.objection();
        if (objection.isEmpty()) {
            return;
        }
        if (!unaccepted) {
            throw new InputException(
                    "--tokenizer " + saved.path() + ": " + objection + "; expected a VQ-VAE that was accepted "
                            + "as a tokenizer. Judge it with `triptych eval --run " + saved.path()
                            + "` (data=DIR where its images "
                            + "have moved), train it longer, or give --unaccepted to use it as it is.");
        }
        terminal.remark("tokenizer:  not accepted, used all the same: " + objection);
    }

    /// The tokenizer for images of another side, which a patch codebook can be.
    private static Tokenizer resized(Tokenizer saved, int side) {
        try {
            return saved.forSide(side);
        } catch (IllegalArgumentException e) {
            throw new InputException("data.side is " + side + ": " + e.getMessage() + ". Set data.side="
                    + saved.side() + ".", e);
        }
    }

    private Path out(Tokenization keys) {
        if (keys.out() == null) {
            throw new InputException("out is missing; expected the code file to be written. Give out=FILE, for example "
                    + "out=codes/" + split.title() + ".codes.");
        }
        Path out = Path.of(keys.out());
        requireNew(out);
        return out;
    }

    private void requireNew(Path file) {
        if (Files.isDirectory(file)) {
            throw new InputException(file + ": this is a folder; expected the path of a file to be written. Give "
                    + "another path.");
        }
        if (!force && Files.exists(file)) {
            throw new InputException(file + ": the file exists; expected a path that is free. Give another path, or "
                    + "--force to replace it.");
        }
    }

    private PatchCodebook fit(Tokenization keys, Path file) throws IOException {
        var k = keys.kmeans();
        int side = keys.data().side();
        if (side % k.patch() != 0) {
            throw new InputException("kmeans.patch is " + k.patch() + "; expected a divisor of data.side, " + side
                    + ". Set kmeans.patch=4 or another data.side.");
        }
        ImageSet train = opened.streamed(keys.data(), keys.seed(), Split.TRAIN);
        long begun = System.nanoTime();
        var sample = PatchSample.draw(train, k.patch(), k.samples(), keys.seed());
        if (sample.rows() < k.codes()) {
            throw new InputException("kmeans.codes is " + k.codes() + ", but the " + train.size()
                    + " training images give " + sample.rows() + " patches; expected at most as many codes. Lower "
                    + "kmeans.codes.");
        }
        var kmeans = new KMeans(k.codes(), k.batch(), k.passes(), k.settling());
        PatchCodebook book;
        try (var working = terminal.working("k-means, passes", kmeans.rounds())) {
            book = new PatchCodebook(kmeans.fit(sample.patches(), sample.rows(), sample.width(), keys.seed(),
                    () -> working.did(1)), side);
        }
        terminal.remark(String.format(Locale.ROOT, "k-means:    %d codes from %,d patches of %d images, %.1f s",
                k.codes(), sample.rows(), train.size(), seconds(begun)));
        book.save(file, Map.of("seed", Long.toString(keys.seed()), "patches", Integer.toString(sample.rows()),
                "images", keys.data().generated() ? "generated scenes" : keys.data().dir()));
        terminal.remark("codebook:   " + file + ", for other images: --tokenizer " + file);
        return book;
    }

    private void write(Tokenization keys, Path out, Tokenizer tokenizer) throws IOException {
        ImageSet images = opened.streamed(keys.data(), keys.seed(), split);
        if (images.classes().size() > CodeHeader.LARGEST_CLASSES) {
            throw new InputException("the images have " + images.classes().size() + " classes; expected at most "
                    + CodeHeader.LARGEST_CLASSES + ", which a code file can hold. Training needs none: give "
                    + "data.labels=none.");
        }
        var figures = new CodeFigures(tokenizer);
        long begun = System.nanoTime();
        CodeHeader header;
        try (var working = terminal.working("images", (long) images.size() * views)) {
            var maker = new CodeMaker(images, tokenizer, views, (pixels, count, codes) -> {
                figures.add(pixels, count, codes);
                working.did(count);
            });
            header = maker.header(split);
            CodeWriter.write(out, header, images::label, maker);
        }
        var facts = new LinkedHashMap<String, String>();
        facts.put("codes", String.format(Locale.ROOT, "%s, %,d bytes: %d images, %d %s of %d x %d codes each", out,
                Files.size(out), images.size(), views, views == 1 ? "view" : "views", header.grid(), header.grid()));
        facts.put("tokenizer", tokenizer.description() + ", SHA-256 " + tokenizer.sha256());
        facts.put("images", (keys.data().generated() ? "generated scenes" : keys.data().dir()) + ", " + split.title());
        facts.put("time", String.format(Locale.ROOT, "%.1f s, %.0f images/s", seconds(begun),
                images.size() * views / seconds(begun)));
        var report = new EvaluationReport(facts, figures.figures(Map.of()));
        terminal.print(report.text(terminal.columns()).stripTrailing());
        terminal.result(Json.read(report.json()));
    }

    private static double seconds(long begun) {
        return (System.nanoTime() - begun) * 1e-9;
    }
}
