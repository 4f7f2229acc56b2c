package dev.triptych.nn;

import dev.triptych.program.Packing;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;

/// Dropout of a training step (Srivastava et al. 2014): each entry is 0 with probability `rate`, else divided by
/// 1 - rate. Which entries, a hash decides in the kernel from the step's key, the launch and the index.
///
/// @param rate probability of 0; 0 drops nothing
/// @param key an integer that the host draws for each step (1); null where nothing is dropped
public record DropoutLayer(float rate, Tensor key) {
    /// Nothing is dropped.
    public static final DropoutLayer NONE = new DropoutLayer(0f, null);

    /// Dropout with the key as the program's input `dropout`, if the rate is above 0.
    public static DropoutLayer input(Program p, float rate) {
        return rate == 0 ? NONE : new DropoutLayer(rate, p.integerInput("dropout", 1));
    }

    /// x with entries dropped.
    public Tensor apply(Program p, Tensor x) {
        return rate == 0 ? x : p.hashedDropout(x, key, rate);
    }

    /// Attention with entries of its probabilities dropped.
    public Tensor attention(Program p, Tensor qkv, Packing packing) {
        return rate == 0 ? p.attention(qkv, packing) : p.droppedAttention(qkv, packing, key, rate);
    }
}
