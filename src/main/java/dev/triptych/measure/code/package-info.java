/// Codes: bits of a message and grids of a tokenizer.
///
/// | figure | class |
/// |---|---|
/// | bits: entropies, classes, agreement | [BitCodes], [BitStatistics] |
/// | linear probe on the codes themselves | [CodeProbe] |
/// | frequencies of codes and of neighbours | [CodeDivergence] |
/// | codes of a tokenizer: use, and what decoding makes of them | [CodeFigures] |
package dev.triptych.measure.code;
