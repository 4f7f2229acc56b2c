/// The default device: every kernel in its range form on all cores, and a table of kernels written with the Vector API.
package dev.triptych.device.vector;
