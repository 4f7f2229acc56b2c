package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.method.Table;
import dev.triptych.method.Words;
import dev.triptych.methods.Methods;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Command;

/// What is printed fits the terminal, and what is to be typed can be copied.
class ColumnsTest {
    static Stream<List<String>> commands() {
        var paths = new ArrayList<List<String>>();
        paths.add(List.of());
        collect(List.of(), Main.class, paths);
        return paths.stream();
    }

    private static void collect(List<String> above, Class<?> type, List<List<String>> paths) {
        for (Class<?> below : type.getAnnotation(Command.class).subcommands()) {
            var path = new ArrayList<>(above);
            path.add(below.getAnnotation(Command.class).name());
            paths.add(path);
            collect(path, below, paths);
        }
    }

    private static void fits(String text, int columns) {
        assertEquals(List.of(), text.lines().filter(line -> line.length() > columns
                && line.strip().contains(" ")).toList());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void helpFits(List<String> path) {
        for (int columns : new int[]{60, 80, 120, 200}) {
            var words = new ArrayList<Object>(path);
            words.add("--help");
            Cli cli = Cli.within(columns, words.toArray());
            assertEquals(0, cli.code(), cli::all);
            fits(cli.out(), columns);
        }
    }

    /// Joined again behind their backslashes, examples are what stands in the source.
    @ParameterizedTest
    @MethodSource("commands")
    void examplesAreWhole(List<String> path) {
        var words = new ArrayList<Object>(path);
        words.add("--help");
        assertEquals(examples(Cli.within(1000, words.toArray()).out()),
                examples(Cli.within(60, words.toArray()).out().replaceAll(" \\\\\\R +", " ")));
    }

    private static List<String> examples(String help) {
        return help.lines().filter(line -> line.startsWith("  triptych ")).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"recipes", "recipes keys", "doctor", "runs", "help train"})
    void listsFit(String words) {
        for (int columns : new int[]{60, 80}) {
            fits(Cli.within(columns, (Object[]) words.split(" ")).out(), columns);
        }
    }

    @Test
    void everyRecipeCommandOfTheListCanBeCopied() {
        String listed = Cli.within(50, "recipes").out().replaceAll(" \\\\\\R +", " ");
        for (String name : Methods.RECIPES.names()) {
            Methods.RECIPES.comment(name).lines().filter(line -> line.startsWith("./triptych"))
                    .forEach(line -> assertTrue(listed.contains(line), () -> line + " in " + listed));
        }
    }

    @Test
    void theListOfCommandsCutsNoSentence() {
        String list = Cli.within(80, "--help").out();
        for (Class<?> command : Main.class.getAnnotation(Command.class).subcommands()) {
            Command known = command.getAnnotation(Command.class);
            if (command.getName().startsWith("dev.")) {
                String first = String.join(" ", known.description()).split("(?<=\\.) (?=[A-Z])")[0];
                assertTrue(list.replaceAll("\\s+", " ").contains(first), () -> first + " in " + list);
                assertTrue(first.endsWith(".") || !String.join(" ", known.description()).contains(". "), first);
            }
        }
    }

    @Test
    void helpAndCompletion() {
        assertEquals(Cli.run("train", "--help").out(), Cli.run("help", "train").out());
        Cli script = Cli.run("generate-completion");
        assertEquals(0, script.code(), script::all);
        assertTrue(script.out().contains("complete -F _complete_triptych") && script.out().contains("--init-from"),
                script::all);
        String version = Cli.run("--version").out();
        assertTrue(version.matches("(?s)triptych [0-9.]+(-\\w+)?,? .*commit.*"), version);
    }

    @Property
    void tablesFitAndLoseNothing(
            @ForAll @Size(15) List<@AlphaChars @StringLength(min = 1, max = 12) String> words,
            @ForAll @IntRange(min = 20, max = 100) int columns) {
        var rows = IntStream.range(0, 5).mapToObj(row -> words.subList(3 * row, 3 * row + 3)).toList();
        var table = new Table(List.of("a name", "some value", "protocol"),
                rows.stream().map(row -> List.of(row.getFirst() + " " + row.get(1), "1", String.join(" ", row)))
                        .toList());
        String text = table.plain(columns);
        fits(text, columns);
        rows.forEach(row -> row.forEach(word -> assertTrue(text.contains(word), () -> word + " in " + text)));
        assertTrue(table.plain(1000).equals(table.plain()), "wide enough: as it was");
    }

    @Property
    void wordsAreKept(@ForAll @Size(min = 1, max = 30) List<@AlphaChars @StringLength(min = 1, max = 9) String> words,
            @ForAll @IntRange(min = 10, max = 60) int width) {
        var lines = Words.lines(String.join(" ", words), width);
        assertEquals(words, lines.stream().flatMap(line -> Arrays.stream(line.split(" "))).toList());
        assertTrue(lines.stream().allMatch(line -> line.length() <= width), lines::toString);
    }
}
