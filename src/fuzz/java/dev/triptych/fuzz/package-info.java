/// Long fuzzing of everything that reads files of others, in the Maven profile `fuzz`; docs/reliability.md has the
/// counts. One class per reader, named `*Fuzz`: a new reader gets one beside them.
package dev.triptych.fuzz;
