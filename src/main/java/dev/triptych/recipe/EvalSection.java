package dev.triptych.recipe;

/// How the weights are looked at while they are trained. The training itself does not depend on it.
// @formatter:off
public record EvalSection(
        @Doc("epochs between two looks at the weights: kNN of student and teacher, without labels the directions "
                + "that features fill; 0: none")
        @Range(min = 0, max = 1e6) @Default("0") double every,
        @Doc("training images among which neighbours are sought, drawn all over the set; 0: all")
        @Range(min = 0) @Default("5000") int keys,
        @Doc("test images that are judged, drawn all over the set; 0: all")
        @Range(min = 0) @Default("2000") int queries,
        @Doc("value that decides which checkpoint is best, as embed names it: cls, sparse, ...; null: the first")
        @Nullable @Default("null") String by,
        @Doc("looks without a better one after which training ends; 0: it goes on to its end")
        @Range(min = 0) @Default("0") int patience) {
    // @formatter:on

    public EvalSection {
        if (patience > 0 && every == 0) {
            throw RecipeException.value("patience", patience, "0 while eval.every is 0, because nothing is looked at",
                    "Set eval.every=1.");
        }
    }

    /// Nothing is looked at.
    public static EvalSection none() {
        return new EvalSection(0, 5000, 2000, null, 0);
    }

    /// Steps between two looks; 0 for none.
    public long steps(long stepsOfAnEpoch) {
        return every == 0 ? 0 : Math.max(1, Math.round(every * stepsOfAnEpoch));
    }
}
