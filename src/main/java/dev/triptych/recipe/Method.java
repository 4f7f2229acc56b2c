package dev.triptych.recipe;

/// The methods of learning that a recipe can name.
public enum Method {
    /// Sparse tokens, localization and the low-rank product: what and where.
    STELLAR
}
