/// Encoders as files that programs of others load.
package dev.triptych.export;
