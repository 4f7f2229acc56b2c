/// Sorcen: its objective, programs, batches of stored codes, training, evaluation, generation and sheet.
package dev.triptych.sorcen;
