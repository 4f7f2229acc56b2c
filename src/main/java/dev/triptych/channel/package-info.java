/// The binary channel of BITS: messages of the teacher, their agreement with the student's logits, the coding rate that
/// keeps the channel full, the head, and its re-initialisation.
package dev.triptych.channel;
