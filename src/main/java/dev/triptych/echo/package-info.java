/// Echo contrast: echoes drawn from a decoder, the window through which a teacher sees them, and the contrast of both.
package dev.triptych.echo;
