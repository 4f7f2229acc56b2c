/// MAE (He et al. 2021): a vision transformer that sees a quarter of the patches, and a decoder that paints the rest.
/// The prior from which STELLAR starts.
package dev.triptych.mae;
