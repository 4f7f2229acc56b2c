package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A command that is no training ends at once when it is asked to, and leaves no part of a file behind.
class CtrlCTest {
    @TempDir
    private Path folder;

    private List<String> unfinished(Path out) throws IOException {
        return Cli.files(out).stream().filter(name -> name.endsWith(".tmp")).toList();
    }

    /// The process itself ignores SIGINT where the shell that started Maven did so, as shells do for what they run in
    /// the background; Java leaves that as it is.
    private static boolean ignoresInterrupt(Process process) throws IOException {
        Path status = Path.of("/proc/" + process.pid() + "/status");
        return Files.exists(status) && Files.readAllLines(status).stream().filter(line -> line.startsWith("SigIgn:"))
                .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143"})
    @Timeout(300)
    void noPartOfAFileIsLeft(String signal, int expected) throws IOException, InterruptedException {
        Path out = folder.resolve("out-folder");
        Process process = Fork.start(folder, List.of(), "tokenize", "--tokenizer", "kmeans", "kmeans.codes=4",
                "kmeans.samples=100", "data.train-images=2000000", "data.test-images=1",
                "out=" + out.resolve("train.codes"));
        try {
            endedBy(signal, expected, process, out);
        } finally {
            process.destroyForcibly();
        }
    }

    private void endedBy(String signal, int expected, Process process, Path out)
            throws IOException, InterruptedException {
        long begun = System.nanoTime();
        while (process.isAlive() && System.nanoTime() - begun < TimeUnit.MINUTES.toNanos(4)
                && unfinished(out).stream().noneMatch(name -> name.contains("train.codes"))) {
            Thread.sleep(5);
        }
        assertTrue(process.isAlive(), () -> "it ended too soon");
        assertTrue(unfinished(out).stream().anyMatch(name -> name.contains("train.codes")), "it writes nothing");
        assumeFalse(signal.equals("INT") && ignoresInterrupt(process), "SIGINT is ignored by what the shell started");
        assertEquals(0, new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor());
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), "it goes on after SIG" + signal);
        Cli cli = Fork.result(folder, process.exitValue());
        assertEquals(expected, cli.code(), cli::all);
        assertEquals(List.of("train.tokenizer.safetensors"), Cli.files(out), cli::all);
    }
}
