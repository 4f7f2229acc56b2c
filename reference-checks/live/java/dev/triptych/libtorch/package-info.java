/// libtorch through DJL, for the live cross-check: TorchScript that libtorch compiles itself, and what came of it.
package dev.triptych.libtorch;
