package dev.triptych.program;

/// What a kernel is called.
///
/// @param family the class of package `kernel` that holds it
/// @param name the method's name, unique among all kernels
public record Kernel(String family, String name) {
    @Override
    public String toString() {
        return family + "." + name;
    }
}
