/// From the bytes of a file to pixels: JPEG, PNG, GIF and BMP, each bounded in size and time, and the picture that
/// comes out.
package dev.triptych.data.file;
