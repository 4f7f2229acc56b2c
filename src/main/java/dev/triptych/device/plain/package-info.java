/// The reference device: kernels as written, on one thread.
package dev.triptych.device.plain;
