/// The registry: the one place that names all methods.
package dev.triptych.methods;
