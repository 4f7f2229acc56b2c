package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A command that is no training ends at once when it is asked to, and leaves no part of a file behind.
class CtrlCTest {
    @TempDir
    private Path folder;

    private List<String> unfinished(Path out) throws IOException {
        return Cli.files(out).stream().filter(name -> name.endsWith(".tmp")).toList();
    }

    @Test
    void noPartOfAFileIsLeft() throws IOException, InterruptedException {
        Path out = folder.resolve("out-folder");
        Process process = Fork.start(folder, List.of(), "tokenize", "--tokenizer", "kmeans", "kmeans.codes=4",
                "kmeans.samples=100", "data.train-images=2000000", "data.test-images=1",
                "out=" + out.resolve("train.codes"));
        while (process.isAlive() && unfinished(out).stream().noneMatch(name -> name.contains("train.codes"))) {
            Thread.sleep(5);
        }
        assertTrue(process.isAlive(), () -> "it ended too soon");
        process.destroy(); // SIGTERM; Ctrl-C sends SIGINT, and Java treats both alike
        int code = process.waitFor();
        Cli cli = Fork.result(folder, code);
        assertTrue(code == 143 || code == 130, cli::all);
        assertEquals(List.of("train.tokenizer.safetensors"), Cli.files(out), cli::all);
    }
}
