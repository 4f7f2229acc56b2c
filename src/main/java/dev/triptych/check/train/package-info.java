/// Golden vectors of training: what the trainer gives to each step.
package dev.triptych.check.train;
