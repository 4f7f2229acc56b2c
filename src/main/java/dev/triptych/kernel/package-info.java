/// Kernels: static methods on plain arrays, one outer parallel loop each.
/// They are the specification of every operation.
package dev.triptych.kernel;
