/// BITS: its objective, programs, views, training, evaluation and sheet.
package dev.triptych.bits;
