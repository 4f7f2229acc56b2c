package dev.triptych.method;

import dev.triptych.data.set.PictureSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Takes pictures apart: what is where.
public interface TokenReader {
    /// Encodes pictures, and writes numbers and a sheet into a folder.
    ///
    /// @param files names of the pictures, for people
    /// @param drop tokens that are deleted before pictures are decoded once more, from 1
    /// @param swap tokens that say what others say, `TOKEN:PICTURE:TOKEN`
    /// @param folder made where it is missing, once nothing can be refused any more
    /// @return an outcome for each picture, and one for the files
    List<Outcome> read(Trained run, PictureSet pictures, List<Path> files, List<Integer> drop, List<String> swap,
            Path folder, Workplace place) throws IOException;
}
