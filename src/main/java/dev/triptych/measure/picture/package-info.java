/// Pictures beside pictures.
///
/// | figure | class |
/// |---|---|
/// | peak signal-to-noise ratio | [Psnr] |
/// | what a classifier of our own sees | [PictureClassifier], [FrechetDistance] |
package dev.triptych.measure.picture;
