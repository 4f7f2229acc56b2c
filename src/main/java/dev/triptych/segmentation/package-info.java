/// Segmentation of pictures into classes by the features of patches that any method may have.
package dev.triptych.segmentation;
