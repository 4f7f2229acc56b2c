package dev.triptych.cli;

import dev.triptych.methods.Methods;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Runs commands in process and keeps what they print.
record Cli(int code, String out, String err) {
    /// The smallest training: 2 steps of the prior stage, 4 of the main one.
    static final List<String> SMALL = List.of("data.train-images=32", "data.test-images=8", "training.log-every=1");

    /// Columns that break no line of what tests look for.
    private static final int WIDE = 250;

    static Cli run(Object... words) {
        return within(WIDE, words);
    }

    /// The same in a terminal of so many columns.
    static Cli within(int columns, Object... words) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code = Main.execute(Methods.ALL, columns, new PrintWriter(out), new PrintWriter(err),
                Stream.of(words).map(Object::toString).toArray(String[]::new));
        return new Cli(code, out.toString(), err.toString());
    }

    /// `train --recipe stellar-micro` on few scenes.
    static Cli train(Path out, Object... more) {
        List<Object> words = new ArrayList<>(List.of("train", "--recipe", "stellar-micro", "--quiet", "--out", out));
        words.addAll(SMALL);
        return run(with(words, more).toArray());
    }

    /// Words and more of them, of which a setting takes the place of that of the same key.
    static ArrayList<Object> with(List<Object> words, Object[] more) {
        var all = new ArrayList<>(words);
        for (Object word : more) {
            String key = word.toString().replaceFirst("=.*", "=");
            all.removeIf(earlier -> key.endsWith("=") && earlier.toString().startsWith(key));
        }
        all.addAll(List.of(more));
        return all;
    }

    /// All files below a folder, relative to it, sorted.
    static List<String> files(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).map(f -> folder.relativize(f).toString()).sorted().toList();
        }
    }

    /// Everything printed, for the messages of assertions.
    String all() {
        return "exit code " + code + "\n" + out + err;
    }
}
