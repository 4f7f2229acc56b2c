package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/// Runs the program in a Java of its own, for what only a whole process can show: memory, signals, sudden death.
final class Fork {
    private Fork() {
    }

    /// The option that leaves the Vector API out.
    static final String NO_VECTORS = "-Dno.vectors=true";

    /// Starts a command; its output goes to the files `out` and `err` of a folder.
    static Process start(Path folder, List<String> java, Object... words) throws IOException {
        return start(folder, java, Map.of(), words);
    }

    /// The same with variables of the environment.
    static Process start(Path folder, List<String> java, Map<String, String> environment, Object... words)
            throws IOException {
        var command = new ArrayList<>(hearsInterrupt());
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-cp",
                        System.getProperty("java.class.path")));
        if (!java.contains(NO_VECTORS)) {
            command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
        }
        command.addAll(java);
        command.add(Main.class.getName());
        for (Object word : words) {
            command.add(word.toString());
        }
        var builder = new ProcessBuilder(command).redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    /// What starts a program so that it hears SIGINT: shells start what runs in the background so that it does not,
    /// and Java leaves that as it is.
    private static List<String> hearsInterrupt() throws IOException {
        if (!ignoresInterrupt(ProcessHandle.current().pid())) {
            return List.of();
        }
        var env = List.of("env", "--default-signal=INT");
        var tried = new ArrayList<>(env);
        tried.add("true");
        return new ProcessBuilder(tried).start().onExit().join().exitValue() == 0 ? env : List.of();
    }

    private static boolean ignoresInterrupt(long pid) throws IOException {
        try (var lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith("SigIgn:"))
                    .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
        } catch (NoSuchFileException | UncheckedIOException e) {
            return false; // it has ended, or the system has no /proc
        }
    }

    /// Sends a signal, INT or TERM, to a command that is at work, and waits for its end.
    static Cli end(Process process, String signal, Path folder) throws IOException, InterruptedException {
        assertTrue(process.isAlive(), () -> "it ended too soon: " + said(folder));
        return endIfAlive(process, signal, folder);
    }

    /// The same for a command that may have ended by itself.
    static Cli endIfAlive(Process process, String signal, Path folder) throws IOException, InterruptedException {
        assumeFalse(signal.equals("INT") && ignoresInterrupt(process.pid()),
                "SIGINT is ignored by what the shell started, and there is no env --default-signal");
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), () -> "it goes on after SIG" + signal + ": " + said(folder));
        return result(folder, process.exitValue());
    }

    /// Waits until something has come about, or the command has ended.
    static void until(Process process, Path folder, Callable<Boolean> something) throws Exception {
        long begun = System.nanoTime();
        while (process.isAlive() && !something.call()) {
            assertTrue(System.nanoTime() - begun < TimeUnit.MINUTES.toNanos(4), () -> "nothing comes: " + said(folder));
            Thread.sleep(1);
        }
    }

    /// Whether a file whose name begins so is being written to a folder. Looks at names alone: files come and go.
    static boolean writes(Path folder, String name) throws IOException {
        if (!Files.exists(folder)) {
            return false;
        }
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .anyMatch(file -> file.startsWith("." + name) && file.endsWith(".tmp"));
        }
    }

    /// What a command has printed so far, for the messages of assertions.
    static String said(Path folder) {
        try {
            return result(folder, -1).all();
        } catch (IOException e) {
            return e.toString();
        }
    }

    /// Runs a command to its end.
    static Cli run(List<String> java, Object... words) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("fork");
        try {
            int code = start(folder, java, words).waitFor();
            return result(folder, code);
        } finally {
            for (String name : List.of("out", "err")) {
                Files.deleteIfExists(folder.resolve(name));
            }
            Files.delete(folder);
        }
    }

    /// What a command has printed so far.
    static Cli result(Path folder, int code) throws IOException {
        return new Cli(code, Files.readString(folder.resolve("out")), Files.readString(folder.resolve("err")));
    }
}
