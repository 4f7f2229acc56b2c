/// Images in, batches out: generated scenes, image folders and CIFAR-10, packed once into one file; the crops, colours
/// and masks of the papers, drawn by the counter-based generator; and a loader that works ahead of the training thread.
package dev.triptych.data;
