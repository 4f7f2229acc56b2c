package dev.triptych.method;

import java.util.List;
import java.util.Map;

/// What a command tells of its work.
///
/// @param lines for people
/// @param values for programs, in order
public record Outcome(List<String> lines, Map<String, Object> values) {
}
