package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.io.Safetensors;
import dev.triptych.io.TensorEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A VQGAN from the command line: training, going on after a stop, published weights, and as the tokenizer of others.
class VqganRunTest {
    @TempDir
    private Path folder;

    private static Cli run(Object... words) {
        Cli cli = Cli.run(words);
        assertEquals(0, cli.code(), cli::all);
        return cli;
    }

    private Path train(String name, Object... more) {
        Path run = folder.resolve(name);
        var words = new ArrayList<Object>(List.of("train", "--recipe", "vqgan-micro", "--quiet", "--out", run));
        words = Cli.with(words, more);
        run(words.toArray());
        return run;
    }

    private static Path checkpoint(Path run) throws IOException {
        try (Stream<Path> files = Files.list(run.resolve("checkpoints"))) {
            return files.filter(f -> f.toString().endsWith(".safetensors")).sorted().toList().getLast();
        }
    }

    @Test
    void aRunGoesOnWhereItStoppedAndIsJudged() throws IOException {
        Path whole = train("whole");
        Path stopped = train("stopped", "--stop-after", 5);
        run("train", "--resume", stopped, "--quiet");
        var a = Safetensors.read(checkpoint(whole));
        var b = Safetensors.read(checkpoint(stopped));
        assertEquals(a.names(), b.names());
        for (String name : a.names()) {
            if (!name.equals("adam_steps")) {
                assertArrayEquals(a.floats(name), b.floats(name), 0f, name);
            }
        }
        Cli eval = run("eval", "--run", whole);
        assertTrue(eval.out().contains("PSNR of decode(encode)"), eval::all);
        assertTrue(Files.exists(whole.resolve("sheet.png")));
    }

    /// The file of a run under the published names and shapes.
    private Path released(Path run) throws IOException {
        var trained = Safetensors.read(checkpoint(run));
        var entries = new ArrayList<TensorEntry>();
        for (String name : trained.names()) {
            if (!name.startsWith("adam")) {
                int[] s = trained.shape(name);
                boolean window = s.length == 2 && !name.startsWith("quantize");
                int k = name.contains("shortcut") || name.equals("encoder.conv_out.weight") ? 1 : 3;
                entries.add(TensorEntry.of(name, window ? new int[]{s[0], s[1] / (k * k), k, k} : s,
                        trained.floats(name)));
            }
        }
        Path file = folder.resolve("released.safetensors");
        Safetensors.write(file, Map.of(), entries);
        return file;
    }

    @Test
    void publishedNamesBecomeARunThatTokenizesForTheOthers() throws IOException {
        Path trained = train("trained");
        Path imported = folder.resolve("imported");
        Cli cli = run("import", "--from", released(trained), "--as", "vqgan-micro", "--out", imported);
        assertTrue(cli.out().contains("0 tensors that VQGAN never uses"), cli::all);
        Path codes = folder.resolve("imported.codes");
        Path same = folder.resolve("trained.codes");
        run("tokenize", "--tokenizer", imported, "data.side=16", "data.train-images=64", "data.test-images=32",
                "out=" + codes);
        run("tokenize", "--tokenizer", trained, "data.side=16", "data.train-images=64", "data.test-images=32",
                "out=" + same);
        assertArrayEquals(Files.readAllBytes(same), Files.readAllBytes(codes));
        Path sorcen = folder.resolve("sorcen");
        run("train", "--recipe", "sorcen-micro", "sorcen.codes=" + codes, "sorcen.codebook=32", "--quiet", "--out",
                sorcen, "--stop-after", 2);
        run("generate", "--run", sorcen, "--tokenizer", imported, "n=2", "iterations=2");
        Path stellar = folder.resolve("stellar");
        run("train", "--recipe", "stellar-micro-codes", "decoder.tokenizer=" + imported, "decoder.codes=32", "--quiet",
                "--out", stellar, "--stop-after", 2);
        Cli eval = run("eval", "--run", stellar);
        assertTrue(eval.out().contains("code accuracy"), eval::all);
    }

    @Test
    void imagesThatItCannotHalveAreRefused() {
        Path trained = train("trained", "--stop-after", 1);
        Cli cli = Cli.run("tokenize", "--tokenizer", trained, "data.side=18", "data.train-images=64",
                "data.test-images=32", "out=" + folder.resolve("none.codes"));
        assertEquals(2, cli.code(), cli::all);
        assertTrue(cli.all().contains("one code of 4 x 4 pixels"), cli::all);
    }
}
