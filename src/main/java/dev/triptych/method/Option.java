package dev.triptych.method;

import java.util.List;

/// An option of a command that a method brings with it.
///
/// @param name as in `--samples`
/// @param type of its value: `Path`, `Integer`, `Double`, or `Boolean` for an option without a value
/// @param label of its value in the help; empty without one
/// @param description lines of the help
/// @param lack what a run lacks whose method does not have it, such as ", which has no baseline of raw pixels"
/// @param <T> that type
public record Option<T>(String name, Class<T> type, String label, List<String> description, String lack) {
    /// An option whose lack needs no words.
    public Option(String name, Class<T> type, String label, String description) {
        this(name, type, label, List.of(description), "");
    }
}
