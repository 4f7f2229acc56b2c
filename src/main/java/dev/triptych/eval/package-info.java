/// Evaluation of frozen features, reconstructions and segmentations: pure functions on arrays.
///
/// Only [ImageEncoder] knows a Program and its session: it turns a set of images into plain arrays, and
/// [StellarEvaluation] and [BitsEvaluation] judge what it gives. Every figure is deterministic: it does not depend on
/// the number of threads, and where numbers are summed in vector lanes each result is one chain of fused multiply-adds
/// in a stated order, so that it does not depend on the lane count either.
///
/// | figure | class |
/// |---|---|
/// | k nearest neighbours | [Knn] |
/// | retrieval by cosine, by codes | [Retrieval], [HammingRetrieval], [Relevance] |
/// | codes: entropies, classes, agreement | [BitCodes], [Codes] |
/// | effective dimensions of a covariance | [Geometry] |
/// | linear probe | [LinearProbe] |
/// | peak signal-to-noise ratio | [Psnr] |
/// | object mIoU, with trivial baselines | [Segmentation], [SegmentBaselines], [Assignment] |
/// | effective rank, cosines, entropies | [Spectrum] |
/// | PCA pictures of dense features | [PrincipalColours] |
package dev.triptych.eval;
