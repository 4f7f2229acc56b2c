package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.codes.CodeSet;
import dev.triptych.io.Json;
import dev.triptych.io.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A command that is no training ends at once when it is asked to, and leaves no part of a file behind.
@Timeout(300)
class CtrlCTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143"})
    void tokenizeInTheMidstOfItsFile(String signal, int expected) throws Exception {
        Path out = folder.resolve("out-folder");
        Process process = Fork.start(folder, List.of(), "tokenize", "--tokenizer", "kmeans", "kmeans.codes=4",
                "kmeans.samples=100", "data.train-images=2000000", "data.test-images=1",
                "out=" + out.resolve("train.codes"));
        try {
            Fork.until(process, folder, () -> Fork.writes(out, "train.codes"));
            Cli cli = Fork.end(process, signal, folder);
            assertEquals(expected, cli.code(), cli::all);
            assertEquals(List.of("train.tokenizer.safetensors"), Cli.files(out), cli::all);
        } finally {
            process.destroyForcibly();
        }
    }

    /// A Sorcen that has hardly learnt, on codes of a codebook.
    private Path sorcen() {
        Path codes = folder.resolve("train.codes");
        ok(Cli.run("tokenize", "--quiet", "--tokenizer", "kmeans", "kmeans.codes=32", "kmeans.samples=1000",
                "data.side=16", "data.train-images=64", "data.test-images=8", "out=" + codes));
        return train("sorcen", "sorcen.codes=" + codes);
    }

    private Path train(String method, String... more) {
        Path run = folder.resolve(method);
        var words = new ArrayList<Object>(List.of("train", "--recipe", method + "-micro", "--quiet", "--out", run,
                "--stop-after", 1));
        words = Cli.with(words, more);
        ok(Cli.run(words.toArray()));
        return run;
    }

    private static void ok(Cli cli) {
        assertEquals(0, cli.code(), cli::all);
    }

    private static Map<String, Integer> contents(Path folder) throws IOException {
        var contents = new LinkedHashMap<String, Integer>();
        for (String name : Cli.files(folder)) {
            contents.put(name, Arrays.hashCode(Files.readAllBytes(folder.resolve(name))));
        }
        return contents;
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143"})
    void whatIsComputedIsGivenUp(String signal, int expected) throws Exception {
        var commands = List.of(List.of("generate", "--run", sorcen(), "n=1000000"),
                List.of("eval", "--run", train("vqvae"), "data.test-images=1000000"));
        var before = contents(folder);
        for (var command : commands) {
            Process process = Fork.start(folder, List.of(), command.toArray());
            try {
                Fork.until(process, folder, () -> Files.readString(folder.resolve("err")).contains("images: 0 of "));
                Cli cli = Fork.end(process, signal, folder);
                assertEquals(expected, cli.code(), cli::all);
                Files.delete(folder.resolve("out"));
                Files.delete(folder.resolve("err"));
                assertEquals(before, contents(folder), cli::all);
            } finally {
                process.destroyForcibly();
            }
        }
    }

    /// Several files are written one after another: each is there whole or not at all, whenever the signal comes.
    @Test
    void whatIsWrittenIsWhole() throws Exception {
        Path sorcen = sorcen();
        requireEnd(sorcen, "generated.codes", "generate", "--run", sorcen, "n=64", "iterations=1");
        Path vqvae = train("vqvae");
        requireEnd(vqvae, "eval.json", "eval", "--run", vqvae);
    }

    /// Sends the signal as soon as the first of the files is begun.
    private void requireEnd(Path out, String first, Object... words) throws Exception {
        Process process = Fork.start(folder, List.of(), words);
        try {
            Fork.until(process, folder, () -> Fork.writes(out, first) || Files.exists(out.resolve(first)));
            Cli cli = Fork.endIfAlive(process, "INT", folder);
            assertTrue(cli.code() == 130 || cli.code() == 0, cli::all); // 0: it came too late
            requireWhole(out);
        } finally {
            process.destroyForcibly();
        }
    }

    private static void requireWhole(Path folder) throws IOException {
        for (String name : Cli.files(folder)) {
            Path file = folder.resolve(name);
            switch (name.substring(name.lastIndexOf('.') + 1)) {
                case "codes" -> CodeSet.open(file);
                case "safetensors" -> Safetensors.read(file);
                case "png" -> assertNotNull(ImageIO.read(file.toFile()), name);
                case "json" -> Json.read(Files.readString(file));
                case "html" -> assertTrue(Files.readString(file).strip().endsWith("</html>"), name);
                default -> assertTrue(!name.endsWith(".tmp"), name);
            }
        }
    }
}
