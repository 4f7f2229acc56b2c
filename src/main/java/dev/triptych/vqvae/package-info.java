/// VQ-VAE, the tokenizer that a run trains: its objective, programs, training and evaluation.
package dev.triptych.vqvae;
