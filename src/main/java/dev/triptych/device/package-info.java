/// Devices run programs. Components and methods never know which.
package dev.triptych.device;
