/// Tensors, programs, operations and reverse differentiation. A training step is a straight list of kernel launches on
/// arrays of fixed shape; a model writes its forward equations and `Program.gradient` appends the adjoints.
package dev.triptych.program;
