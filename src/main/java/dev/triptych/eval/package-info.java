/// Evaluation of frozen features, reconstructions and segmentations: pure functions on arrays.
///
/// Few classes know a Program and its session: [ImageEncoder] and [CodeEncoder] turn images and grids of codes into
/// plain arrays, [MaskedCodes], [Generation] and [VqVaeTokenizer] run a model, [PictureClassifier] trains one.
/// [StellarEvaluation], [BitsEvaluation], [SorcenEvaluation] and [SampleEvaluation] judge what they give. Every figure
/// is deterministic: it does not depend on the number of threads, and where numbers are summed in vector lanes each
/// result is one chain of fused multiply-adds in a stated order, so that it does not depend on the lane count either.
///
/// | figure | class |
/// |---|---|
/// | k nearest neighbours | [Knn] |
/// | retrieval by cosine, by codes | [Retrieval], [HammingRetrieval], [Relevance] |
/// | codes: entropies, classes, agreement | [BitCodes], [Codes] |
/// | effective dimensions of a covariance | [Geometry] |
/// | linear probe, on features and on the codes themselves; few labels | [LinearProbe], [CodeProbe], [FewShot] |
/// | masked codes | [MaskedCodes] |
/// | generated images: what a classifier sees in them | [PictureClassifier], [FrechetDistance] |
/// | generated images: frequencies of codes, copies | [CodeDivergence], [NearestImages] |
/// | peak signal-to-noise ratio | [Psnr] |
/// | object mIoU, with trivial baselines | [Segmentation], [SegmentBaselines], [Assignment] |
/// | effective rank, cosines, entropies | [Spectrum] |
/// | PCA pictures of dense features | [PrincipalColours] |
package dev.triptych.eval;
