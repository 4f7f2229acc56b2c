/// Measures whole training steps: time, share of each kernel, what the machine could do.
package dev.triptych.bench;
