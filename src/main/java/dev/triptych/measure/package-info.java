/// Measures of frozen features, codes, reconstructions and segmentations: pure functions on arrays, by subject.
///
/// Two classes know a program and its session: [dev.triptych.measure.feature.ImageEncoder] turns images into plain
/// arrays, [dev.triptych.measure.picture.PictureClassifier] trains a network. Every figure is deterministic: it does
/// not depend on the number of threads, and where numbers are summed in vector lanes each result is one chain of fused
/// multiply-adds in a stated order, so that it does not depend on the lane count either.
package dev.triptych.measure;
