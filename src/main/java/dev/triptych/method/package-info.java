/// What a method is, as types: its programs, its steps and batches, what is logged of it and what an evaluation
/// reports. Nothing here is about any one method.
package dev.triptych.method;
