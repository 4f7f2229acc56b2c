/// Decoders: from features back to the picture.
package dev.triptych.decoder;
