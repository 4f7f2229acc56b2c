/// Frozen maps between images and grids of codes: the k-means patch codebook, and what a VQ-VAE consists of.
package dev.triptych.tokenizer;
