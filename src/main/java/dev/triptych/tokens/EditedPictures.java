package dev.triptych.tokens;

import dev.triptych.data.set.PictureSet;
import dev.triptych.device.Session;
import dev.triptych.method.InputException;
import dev.triptych.sheet.Cell;
import dev.triptych.sheet.Sheet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Pictures whose tokens were edited, decoded beside what they decoded to before.
///
/// @param painter of the encoder's predictions
/// @param session with the weights
/// @param decoding of tokens that are given, bound there
/// @param pictures as they were
/// @param edits what is done
/// @param files the pictures as they are given
record EditedPictures(Painter painter, Session session, TokenDecoding decoding, PictureSet pictures, TokenEdits edits,
        List<Path> files) {
    private static final int CELL = 128;

    /// The sheet.
    ///
    /// @param sparse S of all pictures (pictures, K, d)
    /// @param localization L of all pictures (pictures, N, K)
    /// @throws InputException where nothing can be painted
    Sheet sheet(float[] sparse, float[] localization) {
        if (!painter.paints()) {
            throw new InputException("--drop and --swap: the decoder of this run predicts codes of a tokenizer that is "
                    + "not here; expected one that paints. Give decoder.tokenizer, or leave them out.");
        }
        int tokens = painter.values().tokens();
        int side = pictures.side();
        float[] before = decoded(sparse, localization);
        float[] after = decoded(edits.sparse(sparse, tokens, files), edits.localization(localization, tokens));
        var rows = new ArrayList<Sheet.Row>();
        float[] picture = new float[3 * side * side];
        for (int i = 0; i < pictures.size(); i++) {
            pictures.images(new int[]{i}, picture, 0);
            rows.add(new Sheet.Row(files.get(i).getFileName().toString(), List.of(Cell.image(picture, 0, side, side),
                    Cell.image(before, i * picture.length, side, side),
                    Cell.image(after, i * picture.length, side, side))));
        }
        return new Sheet("Edited tokens", List.of("picture", "decoded", "edited"), rows, "Edited: " + edits + ".",
                CELL);
    }

    /// What tokens and localizations of all pictures decode to (pictures, 3, side, side), batch by batch.
    private float[] decoded(float[] sparse, float[] localization) {
        int batch = decoding.sparse().side(0);
        int numbers = 3 * pictures.side() * pictures.side();
        float[] all = new float[pictures.size() * numbers];
        for (int first = 0; first < pictures.size(); first += batch) {
            session.upload(decoding.sparse(), part(sparse, first, decoding.sparse().count()));
            session.upload(decoding.localization(), part(localization, first, decoding.localization().count()));
            session.run(decoding.program());
            float[] painted = painter.painted(session.download(decoding.prediction()), decoding.prediction(), batch);
            int count = Math.min(batch, pictures.size() - first);
            System.arraycopy(painted, 0, all, first * numbers, count * numbers);
        }
        return all;
    }

    /// The numbers of a batch of pictures from `first` on; zeros behind the last one.
    private float[] part(float[] all, int first, int length) {
        int each = all.length / pictures.size();
        return Arrays.copyOf(Arrays.copyOfRange(all, first * each, Math.min(all.length, first * each + length)),
                length);
    }
}
