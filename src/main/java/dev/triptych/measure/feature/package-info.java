/// Labelled feature vectors: encoding a set of images, nearest neighbours, linear probes, few labels, geometry and
/// spectra.
///
/// | figure | class |
/// |---|---|
/// | k nearest neighbours | [Knn] |
/// | linear probe, few labels | [LinearProbe], [FewShot] |
/// | effective dimensions of a covariance | [Geometry] |
/// | effective rank, cosines, entropies | [Spectrum] |
/// | PCA pictures of dense features | [PrincipalColours] |
package dev.triptych.measure.feature;
