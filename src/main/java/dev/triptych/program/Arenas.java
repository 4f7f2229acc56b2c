package dev.triptych.program;

/// Arenas as arrays, and where in them tensors lie.
public interface Arenas {
    /// The array of a tensor of numbers.
    float[] floats(Tensor tensor);

    /// The array of a tensor of integers.
    int[] integers(Tensor tensor);

    /// Where the tensor begins in its array.
    int offset(Tensor tensor);
}
