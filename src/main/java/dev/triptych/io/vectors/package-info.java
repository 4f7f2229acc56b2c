/// Golden vectors: cases of one computation each, with all its tensors, their tolerances, and the comparison of what
/// was computed with what is stored. `reference-checks/README.md` describes the format.
package dev.triptych.io.vectors;
