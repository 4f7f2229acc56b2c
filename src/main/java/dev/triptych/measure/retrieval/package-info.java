/// Retrieval: a database ranked by cosine or by binary codes.
///
/// | figure | class |
/// |---|---|
/// | retrieval by cosine, by codes | [Retrieval], [HammingRetrieval], [Relevance] |
/// | examples for people | [RetrievalExamples] |
package dev.triptych.measure.retrieval;
