/// What people read: contact sheets of pictures, tables, and the evaluation report.
///
/// [Cell] turns arrays into small pictures, [Sheet] lays them out as one PNG, [Table] aligns text, [EvaluationReport]
/// writes named figures with their protocols and baselines as JSON and as text.
package dev.triptych.report;
