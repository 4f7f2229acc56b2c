/// Pictures taken apart into tokens, whatever method learnt to: codes that a decoder predicts, what it paints, figures
/// beside baselines, sheets, numbers for the `tokens` command.
package dev.triptych.tokens;
