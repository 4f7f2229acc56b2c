/// Sets of pictures: folders, CIFAR-10, generated scenes, each packed once into one file; the order in which an epoch
/// visits them; and a loader that works ahead of the training thread.
package dev.triptych.data.set;
