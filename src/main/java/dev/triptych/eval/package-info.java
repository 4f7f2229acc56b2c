/// Evaluation of frozen features, reconstructions and segmentations: pure functions on arrays.
///
/// Nothing here knows a Program or a Device; whoever runs the model hands over plain arrays. Every figure is
/// deterministic: it does not depend on the number of threads, and where numbers are summed in vector lanes each
/// result is one chain of fused multiply-adds in a stated order, so that it does not depend on the lane count either.
///
/// | figure | class |
/// |---|---|
/// | k nearest neighbours | [Knn] |
/// | linear probe | [LinearProbe] |
/// | peak signal-to-noise ratio | [Psnr] |
/// | object mIoU, with trivial baselines | [Segmentation], [SegmentBaselines], [Assignment] |
/// | effective rank, cosines, entropies | [Spectrum] |
/// | PCA pictures of dense features | [PrincipalColours] |
package dev.triptych.eval;
