package dev.triptych.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Runs the program in a Java of its own, for what only a whole process can show: memory, signals, sudden death.
final class Fork {
    private Fork() {
    }

    /// The option that leaves the Vector API out.
    static final String NO_VECTORS = "-Dno.vectors=true";

    /// Starts a command; its output goes to the files `out` and `err` of a folder.
    static Process start(Path folder, List<String> java, Object... words) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp",
                System.getProperty("java.class.path")));
        if (!java.contains(NO_VECTORS)) {
            command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
        }
        command.addAll(java);
        command.add(Main.class.getName());
        for (Object word : words) {
            command.add(word.toString());
        }
        return new ProcessBuilder(command).redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile()).start();
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
