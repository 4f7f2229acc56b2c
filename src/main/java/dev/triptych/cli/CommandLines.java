package dev.triptych.cli;

import java.util.Arrays;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.TypeConversionException;

/// How the command line looks and reads: help in the columns of the terminal, whose examples can be copied whole, and
/// values that do not fit told in words.
final class CommandLines {
    /// The narrowest help that picocli writes.
    private static final int NARROWEST = 55;
    private static final Pattern SENTENCE = Pattern.compile("(?<=\\.) (?=[A-Z])");
    private static final String CONTINUED = " \\";
    private static final String DEEPER = "      ";

    private CommandLines() {
    }

    /// Sets a command line and those below it up.
    ///
    /// @param columns of the terminal
    static void prepare(CommandLine line, int columns) {
        int width = Math.max(NARROWEST, columns);
        line.setUsageHelpWidth(width);
        var sections = line.getHelpSectionMap();
        sections.put(UsageMessageSpec.SECTION_KEY_FOOTER, help -> footer(help.commandSpec().usageMessage().footer(),
                width));
        line.setHelpSectionMap(sections);
        line.getSubcommands().values().forEach(CommandLines::flow);
        number(line, int.class, Integer.class, Integer::valueOf, "a whole number");
        number(line, long.class, Long.class, Long::valueOf, "a whole number");
        number(line, double.class, Double.class, Double::valueOf, "a number");
    }

    /// Descriptions as paragraphs, wherever their lines end in the source; the first sentence of a command alone, which
    /// is what the list of commands shows.
    private static void flow(CommandLine line) {
        var spec = line.getCommandSpec();
        String text = String.join(" ", spec.usageMessage().description());
        int end = SENTENCE.matcher(text).results().findFirst().map(MatchResult::start).orElse(text.length());
        spec.usageMessage().description(end == text.length()
                ? new String[]{text}
                : new String[]{text.substring(0, end), text.substring(end).strip()});
        line.getSubcommands().values().forEach(CommandLines::flow);
    }

    private static <T> void number(CommandLine line, Class<T> primitive, Class<T> type, Function<String, T> reading,
            String name) {
        ITypeConverter<T> converter = text -> {
            try {
                return reading.apply(text);
            } catch (NumberFormatException e) {
                throw new TypeConversionException("'" + text + "' is not " + name + (text.matches("[+-]?\\d{10,}")
                        ? " that small"
                        : ""));
            }
        };
        line.registerConverter(primitive, converter);
        line.registerConverter(type, converter);
    }

    /// Lines of examples: what is too long goes on behind a backslash, as the shell reads it.
    private static String footer(String[] lines, int width) {
        var text = new StringBuilder();
        Arrays.stream(lines).forEach(line -> text.append(shell(line, width)).append(System.lineSeparator()));
        return text.toString();
    }

    /// The last space up to a place; not one between an option and its value, where another is left.
    private static int cut(String line, int upTo) {
        int last = line.lastIndexOf(' ', upTo);
        int before = line.lastIndexOf(' ', last - 1);
        return line.startsWith("--", before + 1) && before > DEEPER.length() ? before : last;
    }

    /// A command in lines of less than a width.
    static String shell(String command, int width) {
        String rest = command;
        var text = new StringBuilder();
        while (rest.length() >= width) {
            int cut = cut(rest, width - CONTINUED.length() - 1);
            if (cut <= DEEPER.length()) {
                break;
            }
            text.append(rest, 0, cut).append(CONTINUED).append(System.lineSeparator());
            rest = DEEPER + rest.substring(cut + 1);
        }
        return text.append(rest).toString();
    }
}
