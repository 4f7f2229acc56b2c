/// Time: quantiles of durations, processor time.
package dev.triptych.measure.time;
