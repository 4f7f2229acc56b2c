/// Prototype heads, Sinkhorn targets, optimal-transport matching and KoLeo.
package dev.triptych.alignment;
