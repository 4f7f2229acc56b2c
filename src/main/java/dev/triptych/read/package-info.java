/// Programs and methods as text that can be followed: results by the names that the sources give them, and pages that
/// weave equation, sources, values and proofs of a method.
package dev.triptych.read;
