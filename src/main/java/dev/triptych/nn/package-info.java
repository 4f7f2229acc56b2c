/// Parameters and their initialisation, and the layers of a transformer.
package dev.triptych.nn;
