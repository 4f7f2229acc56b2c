/// Pictures to rows of numbers in a file, a picture at a time.
package dev.triptych.embed;
