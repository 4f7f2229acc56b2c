package dev.triptych.api;

import dev.triptych.data.file.ImageException;
import dev.triptych.device.DeviceException;
import dev.triptych.io.FormatException;
import dev.triptych.method.InputException;
import dev.triptych.recipe.RecipeException;
import dev.triptych.train.RunException;
import java.io.IOException;

/// Something that may fail because of what was given.
@FunctionalInterface
interface Work<T> {
    T run() throws IOException;

    /// Does it; what does not fit becomes one kind of exception.
    static <T> T told(Work<T> work) throws IOException {
        try {
            return work.run();
        } catch (RecipeException | RunException | ImageException | FormatException | InputException
                | DeviceException e) {
            throw new TriptychException(e);
        }
    }
}
