package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.io.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/// Holds what an evaluation said of its progress against what it did.
final class StageLines {
    private static final Pattern TEXT = Pattern.compile("evaluating (\\d+)/(\\d+), (.+): (\\d+) of [1-9]\\d*"
            + "(, [0-9dhms]+ left)?");
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}&&[^\n]]");

    private StageLines() {
    }

    /// Plain lines: each of the stages has one that begins it, and all were expected.
    static void requireText(Cli cli) {
        assertFalse(CONTROL.matcher(cli.err().replace(System.lineSeparator(), "\n")).find(), cli::all);
        var numbers = new ArrayList<Long>();
        var names = new HashSet<String>();
        long stages = 0;
        for (String line : cli.err().lines().filter(text -> text.startsWith("evaluating")).toList()) {
            var found = TEXT.matcher(line);
            assertTrue(found.matches(), () -> "'" + line + "' in " + cli.all());
            stages = Long.parseLong(found.group(2));
            if (found.group(4).equals("0")) {
                numbers.add(Long.parseLong(found.group(1)));
                names.add(found.group(3));
            }
        }
        assertTrue(stages > 0, cli::all);
        assertEquals(LongStream.rangeClosed(1, stages).boxed().toList(), numbers, cli::all);
        assertEquals(stages, names.size(), cli::all);
    }

    /// Lines of JSON: each stage is counted from 0 to all that it has, and all were expected.
    static void requireJson(Cli cli) throws IOException {
        var stages = new ArrayList<ArrayList<java.util.Map<String, Object>>>();
        for (String line : cli.err().lines().filter(text -> text.startsWith("{")).toList()) {
            var object = Json.read(line);
            if (!object.containsKey("stage")) {
                continue;
            }
            if (Long.valueOf(0).equals(object.get("done"))) {
                stages.add(new ArrayList<>());
            }
            stages.getLast().add(object);
        }
        assertFalse(stages.isEmpty(), cli::all);
        for (int i = 0; i < stages.size(); i++) {
            for (var line : stages.get(i)) {
                assertEquals(i + 1L, line.get("stage"), cli::all);
                assertEquals((long) stages.size(), line.get("stages"), cli::all);
                assertEquals(stages.get(i).getFirst().get("what"), line.get("what"), cli::all);
            }
            var last = stages.get(i).getLast();
            assertEquals(last.get("all"), last.get("done"), () -> last + " in " + cli.all());
        }
        assertEquals(stages.size(), stages.stream().map(stage -> stage.getFirst().get("what"))
                .collect(Collectors.toSet()).size(), cli::all);
    }

    /// Nothing is said of progress.
    static void requireNone(Cli cli) {
        assertFalse(cli.err().contains("evaluating") || cli.err().contains("progress"), cli::all);
    }
}
