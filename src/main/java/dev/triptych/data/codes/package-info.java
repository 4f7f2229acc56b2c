/// Images as stored codes: the file, its writer, its reader, and what makes codes of images. [CodeSet] and all that it
/// needs know neither images nor tokenizers, so that what trains on codes loads neither.
package dev.triptych.data.codes;
