package dev.triptych.api;

/// A picture that was found.
///
/// @param file its name in the source
/// @param label its class; empty where it has none
/// @param closeness cosine, or less the bits that differ
public record Neighbour(String file, String label, double closeness) {
}
