package dev.triptych.recipe;

import java.util.HashSet;
import java.util.List;

/// Batches, bookkeeping and the stages.
// @formatter:off
public record TrainingSection(
        @Doc("images of a step") @Range(min = 1, max = 1048576) int batch,
        @Doc("steps between two lines of metrics") @Range(min = 1) @Default("10") int logEvery,
        @Doc("epochs between two checkpoints; the end of a stage always has one")
        @Range(min = 1) @Default("1") int checkpointEvery,
        @Doc("number of newest checkpoints that stay, besides the best")
        @Range(min = 1) @Default("2") int keepCheckpoints,
        @Doc("stages, in order") List<Stage> stages) {
    // @formatter:on

    public TrainingSection {
        stages = List.copyOf(stages);
        if (stages.isEmpty()) {
            throw RecipeException.value("stages", "[]", "at least one stage",
                    "Add one: '- name: main' with 'epochs: 10' below it.");
        }
        var names = new HashSet<String>();
        for (int i = 0; i < stages.size(); i++) {
            if (!names.add(stages.get(i).name())) {
                throw RecipeException.value("stages." + i + ".name", stages.get(i).name(), "a name used once",
                        "Rename this stage.");
            }
        }
    }
}
