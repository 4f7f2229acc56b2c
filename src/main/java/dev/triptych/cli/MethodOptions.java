package dev.triptych.cli;

import dev.triptych.method.InputException;
import dev.triptych.method.Method;
import dev.triptych.method.Option;
import dev.triptych.method.Registry;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The options of a command that methods bring with them.
///
/// @param spec of the command
/// @param methods that may bring some
record MethodOptions(CommandSpec spec, Registry methods) {
    private Set<Option<?>> all() {
        return methods.all().stream().flatMap(method -> method.judge().options().stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /// Adds them to the command.
    void add() {
        for (var option : all()) {
            var builder = OptionSpec.builder(option.name()).type(option.type())
                    .description(option.description().toArray(String[]::new));
            spec.addOption(option.label().isEmpty()
                    ? builder.arity("0").build()
                    : builder.arity("1").paramLabel(option.label()).build());
        }
    }

    /// Values of those that were given.
    Map<Option<?>, Object> given() {
        var given = new LinkedHashMap<Option<?>, Object>();
        for (var option : all()) {
            var matched = spec.commandLine().getParseResult().matchedOption(option.name());
            if (matched != null) {
                given.put(option, matched.getValue());
            }
        }
        return given;
    }

    /// Values of those that were given for a run of a method.
    ///
    /// @throws InputException if one is of other methods
    Map<Option<?>, Object> given(Method method) {
        var given = given();
        given.keySet().stream().filter(option -> !method.judge().options().contains(option)).findFirst()
                .ifPresent(option -> {
                    throw new InputException(option.name() + " goes with a run of "
                            + methods.all().stream().filter(m -> m.judge().options().contains(option)).map(Method::name)
                                    .collect(Collectors.joining(" or "))
                            + "; found one of " + method.name() + option.lack() + ". Leave it out.");
                });
        return given;
    }
}
