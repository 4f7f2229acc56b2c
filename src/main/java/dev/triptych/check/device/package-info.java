/// Whether a device computes what the plain one computes: kernel by kernel, then whole training steps.
package dev.triptych.check.device;
