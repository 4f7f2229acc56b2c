/// STELLAR: its objective, programs, views, training, weights of its authors, evaluation and sheet.
package dev.triptych.stellar;
