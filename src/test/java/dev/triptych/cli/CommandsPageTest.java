package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;

/// What `docs/commands.md` says of every command is what its `--help` prints. `mvn -B test -Dtest=CommandsPageTest
/// -Dcommands=write` writes that part of the page anew.
class CommandsPageTest {
    private static final Path PAGE = Path.of("docs/commands.md");
    private static final String MARK = "<!-- From here on written by CommandsPageTest. -->\n";

    @Test
    void thePageSaysWhatHelpPrints() throws IOException {
        String page = Files.readString(PAGE);
        String byHand = page.substring(0, page.indexOf(MARK) + MARK.length());
        String expected = byHand + help();
        if ("write".equals(System.getProperty("commands"))) {
            Files.writeString(PAGE, expected);
        }
        assertEquals(expected, Files.readString(PAGE), () -> PAGE + "; the class says how to write it anew");
    }

    private static String help() {
        var paths = new ArrayList<List<String>>();
        for (Class<?> command : Main.class.getAnnotation(Command.class).subcommands()) {
            collect(List.of(), command, paths);
        }
        String links = paths.stream().filter(path -> path.size() == 1)
                .map(path -> "[" + path.getFirst() + "](#" + path.getFirst() + ")").collect(Collectors.joining(", "));
        var text = new StringBuilder("\n" + links + ".\n");
        for (List<String> path : paths) {
            text.append("\n").append("#".repeat(path.size() + 1)).append(" ").append(String.join(" ", path))
                    .append("\n\n```\n").append(printed(path)).append("```\n");
        }
        return text.toString();
    }

    /// A command and those below it.
    private static void collect(List<String> above, Class<?> type, List<List<String>> paths) {
        Command command = type.getAnnotation(Command.class);
        var path = new ArrayList<>(above);
        path.add(command.name());
        paths.add(path);
        for (Class<?> below : command.subcommands()) {
            collect(path, below, paths);
        }
    }

    private static String printed(List<String> path) {
        var arguments = new ArrayList<>(path);
        arguments.add("--help");
        var out = new StringWriter();
        var err = new StringWriter();
        int code = Main.execute(new PrintWriter(out), new PrintWriter(err), arguments.toArray(String[]::new));
        assertEquals(0, code, () -> path + ": " + err);
        return out.toString().replaceAll("[ \t]+\n", "\n");
    }
}
