/// Images as stored codes: the file, its writer and its reader. Nothing here knows images or tokenizers, so that what
/// trains on codes loads neither.
package dev.triptych.data.codes;
