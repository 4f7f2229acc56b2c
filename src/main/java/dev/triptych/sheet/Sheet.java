package dev.triptych.sheet;

import dev.triptych.io.AtomicFile;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A contact sheet: rows of pictures under column captions, written as one PNG.
///
/// Pictures keep hard pixels: each is enlarged by the largest whole factor that fits `cellSize`. Captions are drawn by
/// java.awt, without a display.
///
/// @param title drawn on top; may be empty
/// @param captions one per column; long ones wrap
/// @param rows in order
/// @param note drawn below in small print, wrapped; may be empty
/// @param cellSize pixels of a cell's longer side, 16 to 1024
public record Sheet(String title, List<String> captions, List<Row> rows, String note, int cellSize) {
    private static final int MARGIN = 24;
    private static final int GAP = 8;
    private static final int TITLE_SIZE = 20;
    private static final int CAPTION_SIZE = 13;
    private static final int NOTE_SIZE = 12;
    private static final int LARGEST = 16_384;
    private static final Color INK = new Color(0x22262b);
    private static final Color PALE_INK = new Color(0x5c6570);
    private static final Color FRAME = new Color(0xd5d9de);

    /// One row of pictures.
    ///
    /// @param label drawn to the left, line by line; may be empty
    /// @param cells as many as there are captions, or fewer
    /// @param notes drawn below each cell; as many as there are cells, or none
    public record Row(String label, List<Cell> cells, List<String> notes) {
        /// Copies the lists.
        public Row {
            cells = List.copyOf(cells);
            notes = List.copyOf(notes);
            if (!notes.isEmpty() && notes.size() != cells.size()) {
                throw new IllegalArgumentException("a row of the sheet has " + notes.size() + " notes for "
                        + cells.size() + " pictures: expected one each, or none");
            }
        }

        /// A row without notes.
        public Row(String label, List<Cell> cells) {
            this(label, cells, List.of());
        }

        private List<String> labelLines() {
            return label.lines().toList();
        }
    }

    /// Checks the shape.
    public Sheet {
        captions = List.copyOf(captions);
        rows = List.copyOf(rows);
        if (captions.isEmpty() || rows.isEmpty()) {
            throw new IllegalArgumentException("a sheet of " + rows.size() + " rows and " + captions.size()
                    + " columns: expected at least one of each");
        }
        if (cellSize < 16 || cellSize > 1024) {
            throw new IllegalArgumentException("a sheet with cells of " + cellSize + " pixels: expected 16 to 1024");
        }
        for (int r = 0; r < rows.size(); r++) {
            if (rows.get(r).cells.size() > captions.size()) {
                throw new IllegalArgumentException("row " + r + " of the sheet has " + rows.get(r).cells.size()
                        + " pictures for " + captions.size() + " captions");
            }
        }
    }

    /// Writes the sheet; the file appears whole or not at all.
    ///
    /// @return a remark when the machine has no font and the sheet was written without its text
    public Optional<String> write(Path file) throws IOException {
        var image = draw();
        AtomicFile.write(file, Png.bytes(image.picture, image.parts));
        return image.remark;
    }

    /// Why sheets have no text on this machine, and the remedy; empty where they have.
    public static Optional<String> fontProblem() {
        withoutDisplay();
        return Lettering.find().problem();
    }

    private static void withoutDisplay() {
        if (System.getProperty("java.awt.headless") == null) {
            // Otherwise a DISPLAY that does not answer would stop the drawing of text into memory.
            System.setProperty("java.awt.headless", "true");
        }
    }

    /// The sheet as pixels, and a remark when the text had to be left out.
    ///
    /// @param parts of it that are pictures
    public record Drawing(BufferedImage picture, List<Png.Part> parts, Optional<String> remark) {
    }

    /// Draws it.
    public Drawing draw() {
        withoutDisplay();
        var text = Lettering.find();
        var layout = layout(text);
        if (layout.width > LARGEST || layout.height > LARGEST) {
            throw new IllegalArgumentException("a sheet of " + layout.width + " x " + layout.height
                    + " pixels: expected at most " + LARGEST + "; use fewer rows or smaller cells");
        }
        var picture = new BufferedImage(layout.width, layout.height, BufferedImage.TYPE_INT_RGB);
        var parts = new ArrayList<Png.Part>();
        var graphics = picture.createGraphics();
        try {
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, layout.width, layout.height);
            drawText(graphics, text, layout);
            drawCells(picture, graphics, layout, parts);
        } finally {
            graphics.dispose();
        }
        return new Drawing(picture, parts, text.problem());
    }

    private record Layout(int width, int height, int labelWidth, int[] columnX, int[] rowY, int[] rowHeight,
            List<String> titleLines, List<List<String>> captionLines, List<String> noteLines, int captionBottom) {
    }

    private Layout layout(Lettering text) {
        int columns = captions.size();
        int labelWidth = 0;
        for (var row : rows) {
            for (var line : row.labelLines()) {
                labelWidth = Math.max(labelWidth, text.width(line, Font.PLAIN, CAPTION_SIZE));
            }
        }
        var columnX = new int[columns];
        int x = MARGIN + (labelWidth == 0 ? 0 : labelWidth + 12);
        var captionLines = new ArrayList<List<String>>();
        int most = 0;
        for (int c = 0; c < columns; c++) {
            columnX[c] = x;
            x += columnWidth(c) + GAP;
            captionLines.add(text.wrap(captions.get(c), columnWidth(c), Font.BOLD, CAPTION_SIZE));
            most = Math.max(most, captionLines.getLast().size());
        }
        int width = Math.max(x - GAP + MARGIN, 320);
        var titleLines = text.wrap(title, width - 2 * MARGIN, Font.BOLD, TITLE_SIZE);
        var noteLines = text.wrap(note, width - 2 * MARGIN, Font.PLAIN, NOTE_SIZE);
        int y = MARGIN + titleLines.size() * Lettering.line(TITLE_SIZE) + (titleLines.isEmpty() ? 0 : 12)
                + most * Lettering.line(CAPTION_SIZE);
        int captionBottom = y;
        y += most == 0 ? 0 : 4;
        var rowY = new int[rows.size()];
        var rowHeight = new int[rows.size()];
        for (int r = 0; r < rows.size(); r++) {
            rowY[r] = y;
            for (var cell : rows.get(r).cells) {
                rowHeight[r] = Math.max(rowHeight[r], cell.height() * scale(cell));
            }
            y += rowHeight[r] + (rows.get(r).notes.isEmpty() ? 0 : Lettering.line(NOTE_SIZE)) + GAP;
        }
        int height = y - GAP + (noteLines.isEmpty() ? 0 : 12 + noteLines.size() * Lettering.line(NOTE_SIZE)) + MARGIN;
        return new Layout(width, height, labelWidth, columnX, rowY, rowHeight, titleLines, captionLines, noteLines,
                captionBottom);
    }

    private int columnWidth(int column) {
        int width = cellSize;
        for (var row : rows) {
            if (column < row.cells.size()) {
                var cell = row.cells.get(column);
                width = Math.max(width, cell.width() * scale(cell));
            }
        }
        return width;
    }

    private int scale(Cell cell) {
        return Math.max(1, cellSize / Math.max(cell.width(), cell.height()));
    }

    private void drawText(Graphics2D graphics, Lettering text, Layout layout) {
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        graphics.setColor(INK);
        int y = MARGIN;
        for (var line : layout.titleLines) {
            y += Lettering.line(TITLE_SIZE);
            text.draw(graphics, line, MARGIN, y - TITLE_SIZE / 3, Font.BOLD, TITLE_SIZE);
        }
        for (int c = 0; c < captions.size(); c++) {
            var lines = layout.captionLines.get(c);
            for (int i = 0; i < lines.size(); i++) {
                int x = layout.columnX[c] + (columnWidth(c) - text.width(lines.get(i), Font.BOLD, CAPTION_SIZE)) / 2;
                text.draw(graphics, lines.get(i), x,
                        layout.captionBottom - (lines.size() - 1 - i) * Lettering.line(CAPTION_SIZE) - 4, Font.BOLD,
                        CAPTION_SIZE);
            }
        }
        graphics.setColor(PALE_INK);
        for (int r = 0; r < rows.size(); r++) {
            var lines = rows.get(r).labelLines();
            for (int i = 0; i < lines.size(); i++) {
                int middle = layout.rowY[r] + (layout.rowHeight[r] + CAPTION_SIZE) / 2 - 1;
                text.draw(graphics, lines.get(i),
                        MARGIN + layout.labelWidth - text.width(lines.get(i), Font.PLAIN, CAPTION_SIZE),
                        middle + (2 * i - lines.size() + 1) * Lettering.line(CAPTION_SIZE) / 2, Font.PLAIN,
                        CAPTION_SIZE);
            }
            var notes = rows.get(r).notes;
            for (int c = 0; c < notes.size(); c++) {
                int width = text.width(notes.get(c), Font.PLAIN, NOTE_SIZE);
                text.draw(graphics, notes.get(c), layout.columnX[c] + (columnWidth(c) - width) / 2,
                        layout.rowY[r] + layout.rowHeight[r] + NOTE_SIZE + 2, Font.PLAIN, NOTE_SIZE);
            }
        }
        int below = layout.height - MARGIN - layout.noteLines.size() * Lettering.line(NOTE_SIZE);
        for (var line : layout.noteLines) {
            below += Lettering.line(NOTE_SIZE);
            text.draw(graphics, line, MARGIN, below - NOTE_SIZE / 3, Font.PLAIN, NOTE_SIZE);
        }
    }

    private void drawCells(BufferedImage picture, Graphics2D graphics, Layout layout, List<Png.Part> parts) {
        graphics.setColor(FRAME);
        for (int r = 0; r < rows.size(); r++) {
            var cells = rows.get(r).cells;
            for (int c = 0; c < cells.size(); c++) {
                var cell = cells.get(c);
                int scale = scale(cell);
                int left = layout.columnX[c] + (columnWidth(c) - cell.width() * scale) / 2;
                int top = layout.rowY[r] + (layout.rowHeight[r] - cell.height() * scale) / 2;
                parts.add(new Png.Part(left, top, cell.width() * scale, cell.height() * scale));
                graphics.drawRect(left - 1, top - 1, cell.width() * scale + 1, cell.height() * scale + 1);
                for (int y = 0; y < cell.height() * scale; y++) {
                    for (int x = 0; x < cell.width() * scale; x++) {
                        picture.setRGB(left + x, top + y, cell.rgb()[y / scale * cell.width() + x / scale]);
                    }
                }
            }
        }
    }
}
