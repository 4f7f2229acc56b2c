/// Segmentation: objects by unlabelled segments, and classes of pixels.
///
/// | figure | class |
/// |---|---|
/// | object mIoU, with trivial baselines | [Segmentation], [SegmentBaselines], [Assignment] |
/// | class mIoU from features of patches | [ClassSegmentation], [Confusion] |
package dev.triptych.measure.segment;
