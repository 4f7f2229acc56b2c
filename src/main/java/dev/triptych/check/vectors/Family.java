package dev.triptych.check.vectors;

import dev.triptych.io.vectors.Comparison;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// A family of cases: the same computation with other sizes, draws and settings.
///
/// @param name by which reports call it
/// @param accepts recognises it by settings and tensor names
/// @param run computes it and gives the results to the comparison
record Family(String name, Predicate<Comparison> accepts, Consumer<Comparison> run) {
}
