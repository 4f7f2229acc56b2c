package dev.triptych.api;

import java.util.List;

/// What an encoder says of each picture.
///
/// @param name such as `cls`
/// @param meaning in words
/// @param shape of one picture: (d) for a vector, (rows, d) for a matrix, (bytes) for packed bits
/// @param bits whether it is bits: [Encoded#bits] gives them, the first in a byte's highest place
public record Value(String name, String meaning, List<Integer> shape, boolean bits) {
    public Value {
        shape = List.copyOf(shape);
    }
}
