/// What a method is, as types ([dev.triptych.method.Method]): its programs, its steps and batches, what is logged of
/// it, how its runs are judged and what it can do besides. Nothing here is about any one method.
package dev.triptych.method;
