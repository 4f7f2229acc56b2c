package dev.triptych.recipe;

/// The methods of learning that a recipe can name.
public enum Method {
    /// Sparse tokens, localization and the low-rank product: what and where.
    STELLAR,
    /// A student predicts the binary messages of an EMA teacher; a coding rate keeps the channel full.
    BITS,
    /// A small VQ-VAE: a tokenizer that a run trains.
    VQVAE,
    /// Masked prediction of a tokenizer's codes, and a contrast with echoes drawn from that prediction.
    SORCEN
}
