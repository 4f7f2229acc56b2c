package dev.triptych.cli;

import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// How the command line reads: values that do not fit are told in words.
final class CommandLines {
    private CommandLines() {
    }

    /// Sets a command line and those below it up.
    static void prepare(CommandLine line) {
        number(line, int.class, Integer.class, Integer::valueOf, "a whole number");
        number(line, long.class, Long.class, Long::valueOf, "a whole number");
        number(line, double.class, Double.class, Double::valueOf, "a number");
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
}
