/// Golden vectors of evaluations.
package dev.triptych.check.measure;
