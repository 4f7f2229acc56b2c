/// The live cross-check: every operation of the table beside libtorch, on random shapes. One file per family of
/// operations; the text in quotes is TorchScript, which libtorch compiles and differentiates.
package dev.triptych.check.live;
