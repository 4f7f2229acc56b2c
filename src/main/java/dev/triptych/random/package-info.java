/// Randomness as a function: a counter-based generator keyed by seed, stream, step and sample, so that every draw of a
/// run can be repeated alone, in any order and on any thread.
package dev.triptych.random;
