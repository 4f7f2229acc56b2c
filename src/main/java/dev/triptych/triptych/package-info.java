/// Triptych: what, where, message and echo in one encoder, a method of our own.
package dev.triptych.triptych;
