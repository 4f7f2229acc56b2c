/// The vision transformer: patches, positions, CLS and sparse tokens, over full, masked and cropped views at once.
package dev.triptych.encoder;
