/// Training: the loop, the run folder with its recipe, provenance, metrics and checkpoints, and the progress line.
package dev.triptych.train;
