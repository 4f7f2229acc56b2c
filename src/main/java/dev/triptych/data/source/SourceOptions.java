package dev.triptych.data.source;

import dev.triptych.recipe.DataSection;

/// How a source is to be taken, where what lies there does not say it.
///
/// @param labels where classes come from
/// @param parts whether folders named train and test are the two parts
/// @param followLinks whether links may lead out of a folder
public record SourceOptions(DataSection.Labels labels, DataSection.Parts parts, boolean followLinks) {
    /// What is found by itself.
    public static final SourceOptions AUTO = new SourceOptions(DataSection.Labels.AUTO, DataSection.Parts.AUTO, false);

    /// Those of a recipe.
    public static SourceOptions of(DataSection data) {
        return new SourceOptions(data.labels(), data.parts(), data.followLinks());
    }
}
