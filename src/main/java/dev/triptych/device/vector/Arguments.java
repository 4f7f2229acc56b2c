package dev.triptych.device.vector;

/// Reads a kernel's arguments one after another, in the kernel's order.
final class Arguments {
    private final Object[] values;
    private int at;

    Arguments(Object... values) {
        this.values = values;
    }

    /// The next array of numbers; its offset follows.
    float[] floats() {
        return (float[]) values[at++];
    }

    /// The next array of integers; its offset follows.
    int[] integers() {
        return (int[]) values[at++];
    }

    /// The next offset or size.
    int integer() {
        return (Integer) values[at++];
    }

    /// Passes over so many arrays and their offsets.
    void skip(int arrays) {
        at += 2 * arrays;
    }

    /// The next constant.
    float number() {
        return (Float) values[at++];
    }
}
