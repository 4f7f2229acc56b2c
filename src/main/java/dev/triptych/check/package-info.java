/// How gradients are trusted: finite differences on the float64 twin, and one table that names every operation.
package dev.triptych.check;
