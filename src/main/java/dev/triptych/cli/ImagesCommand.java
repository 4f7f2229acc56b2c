package dev.triptych.cli;

import dev.triptych.data.file.FileWalk;
import dev.triptych.data.file.ImageDecoder;
import dev.triptych.data.file.ImageException;
import dev.triptych.data.file.JpegDecoder;
import dev.triptych.data.file.LimitedDecoder;
import dev.triptych.data.file.RgbImage;
import dev.triptych.data.source.EntryDecoder;
import dev.triptych.data.source.FolderSource;
import dev.triptych.data.source.Source;
import dev.triptych.data.source.SourceOptions;
import dev.triptych.data.source.Sources;
import dev.triptych.data.source.Split;
import dev.triptych.io.AtomicFile;
import dev.triptych.io.Json;
import dev.triptych.method.InputException;
import dev.triptych.recipe.DataSection.Labels;
import dev.triptych.recipe.DataSection.Parts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Decodes every file of a folder within limits, and prints a line each: its size and format, or why it is refused.
@Command(name = "images", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Decode every file of a folder, an archive or a list within limits of pixels, bytes and time:",
        "one line each, with size and format or the reason why it is refused.",
        "Refusals are findings, not errors: the exit code is 0."}, footer = {"",
                "Examples:",
                "  triptych images DIR", "  triptych images DIR --json > images.jsonl",
                "  triptych images DIR --json --pixels pixels.rgb > images.jsonl"})
final class ImagesCommand implements Callable<Integer> {
    private static final int LONGEST = 3600;
    private static final SourceOptions ALL = new SourceOptions(Labels.NONE, Parts.NONE, false);

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = {
            "Folder of files, of which all are looked at; or an archive, or a list."})
    private Path folder;

    @Option(names = "--json", description = {
            "JSON lines: file, format, width, height; or file, format, refused, reason."})
    private boolean json;

    @Option(names = "--quiet", description = {"No progress lines and no sum at the end."})
    private boolean quiet;

    @Option(names = "--pixels", paramLabel = "FILE", description = {
            "With --json: write all decoded pixels into FILE, planes R, G, B of one image after the other; "
                    + "`pixels` of a line is the place of its first byte. FILE may not lie in DIR."})
    private Path pixels;

    @Option(names = "--max-pixels", paramLabel = "N", defaultValue = "" + ImageDecoder.MAX_PIXELS, description = {
            "Pixels that a header may promise (${DEFAULT-VALUE})."})
    private long maxPixels;

    @Option(names = "--max-bytes", paramLabel = "N", defaultValue = "" + (1L << 28), description = {
            "Bytes of a file (${DEFAULT-VALUE})."})
    private long maxBytes;

    @Option(names = "--max-seconds", paramLabel = "S", defaultValue = "10", description = {
            "Seconds for one file (${DEFAULT-VALUE})."})
    private double maxSeconds;

    @Override
    public Integer call() throws IOException {
        require("--max-pixels", maxPixels >= 1 && maxPixels <= Integer.MAX_VALUE / 3, maxPixels,
                "1 to " + Integer.MAX_VALUE / 3);
        require("--max-bytes", maxBytes >= 1 && maxBytes <= ImageDecoder.MAX_BYTES, maxBytes,
                "1 to " + ImageDecoder.MAX_BYTES);
        require("--pixels", pixels == null || json, pixels, "together with --json, whose lines say what lies where");
        require("--pixels", pixels == null || !pixels.toAbsolutePath().normalize()
                .startsWith(folder.toAbsolutePath().normalize()), pixels, "a file outside " + folder);
        require("--max-seconds", maxSeconds > 0 && maxSeconds <= LONGEST, maxSeconds, "above 0, up to " + LONGEST);
        if (pixels == null) {
            decode(null);
        } else {
            AtomicFile.write(pixels, this::decode);
        }
        return 0;
    }

    /// Decodes all files.
    ///
    /// @param all takes the pixels; null where nobody asked for them
    private void decode(FileChannel all) throws IOException {
        var terminal = Terminal.of(spec);
        // where the lines themselves are seen, they are the progress
        var working = new Terminal(terminal.out(), terminal.err(), false, terminal.columns(),
                quiet || terminal.rewritable()
                        ? Terminal.Style.QUIET
                        : json ? Terminal.Style.JSON : Terminal.Style.TEXT)
                .working("files", 0);
        var decoder = new LimitedDecoder(new ImageDecoder(maxPixels, maxBytes, JpegDecoder.raster()),
                Duration.ofNanos(Math.max(1, Math.round(maxSeconds * 1e9))));
        var refusals = new TreeMap<String, Integer>();
        int[] decoded = {0};
        Shown shown = (name, outcome) -> {
            if (outcome.image() != null) {
                decoded[0]++;
            } else {
                refusals.merge(outcome.refusal().refusal().text(), 1, Integer::sum);
            }
            working.did(1);
            terminal.print(json ? Json.write(object(name, outcome, all), false) : line(name, outcome));
        };
        try (var source = nowhere() ? null : Sources.whole(folder, ALL)) {
            if (source == null || source instanceof FolderSource) {
                FileWalk.over(folder, found -> shown.take(folder.relativize(found.file()).toString(),
                        found.refusal() == null
                                ? decoder.decode(found.file())
                                : new LimitedDecoder.Outcome(null, null, found.refusal())));
            } else {
                entries(source, new EntryDecoder(decoder), shown);
            }
        }
        int refused = refusals.values().stream().mapToInt(Integer::intValue).sum();
        if (!quiet) {
            terminal.remark(decoded[0] + refused + " files: " + decoded[0] + " images, " + refused + " refused"
                    + refusals.entrySet().stream().map(e -> e.getValue() + " " + e.getKey())
                            .collect(Collectors.joining(", ", refused == 0 ? "" : " (", refused == 0 ? "" : ")")));
        }
    }

    /// Takes what was found of one file.
    private interface Shown {
        void take(String name, LimitedDecoder.Outcome outcome) throws IOException;
    }

    /// Whether there is nothing of that name.
    private boolean nowhere() {
        return !Files.exists(folder) && !folder.toString().contains("{");
    }

    /// Decodes what lies in archives, or in what a list names.
    private static void entries(Source source, EntryDecoder decoder, Shown shown) throws IOException {
        for (Split part : source.hasTest() ? Split.values() : new Split[]{Split.TRAIN}) {
            try (var walk = source.walk(part)) {
                for (var entry = walk.next(); entry != null; entry = walk.next()) {
                    shown.take(entry.name(), decoder.outcome(source, entry, walk::open));
                }
            }
        }
    }

    private static void require(String option, boolean fits, Object value, String expected) {
        if (!fits) {
            throw new InputException(option + " is " + value + "; expected " + expected
                    + ". Leave it out for the default.");
        }
    }

    private static Map<String, Object> object(String name, LimitedDecoder.Outcome outcome, FileChannel all)
            throws IOException {
        var object = new LinkedHashMap<String, Object>();
        object.put("file", name);
        object.put("format", outcome.format());
        RgbImage image = outcome.image();
        if (image != null) {
            object.put("width", image.width());
            object.put("height", image.height());
            if (all != null) {
                object.put("pixels", all.position());
                for (var planes = ByteBuffer.wrap(image.planes()); planes.hasRemaining();) {
                    all.write(planes);
                }
            }
        } else {
            ImageException refusal = outcome.refusal();
            object.put("refused", refusal.refusal().text());
            object.put("reason", refusal.reason());
        }
        return object;
    }

    /// A line for people: names and reasons cannot break it or move the cursor.
    private static String line(String name, LimitedDecoder.Outcome outcome) {
        RgbImage image = outcome.image();
        String text = image != null
                ? name + ": " + outcome.format() + " " + image.width() + "x" + image.height()
                : name + ": refused, " + outcome.refusal().refusal().text() + ": " + outcome.refusal().reason();
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
