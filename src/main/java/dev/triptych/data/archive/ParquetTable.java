package dev.triptych.data.archive;

import dev.hardwood.metadata.CompressionCodec;
import dev.hardwood.metadata.LogicalType;
import dev.hardwood.metadata.PhysicalType;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import dev.hardwood.schema.ColumnProjection;
import dev.hardwood.schema.SchemaNode;
import dev.triptych.data.file.ImageException;
import dev.triptych.data.file.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/// A Parquet file of pictures, by Hardwood: a column of bytes, or of Hugging Face's structure (`bytes`, `path`), and a
/// column of labels. Read in sequence, a batch of rows in memory at a time.
///
/// @param file where it lies
/// @param rows of it
/// @param image the column of pictures
/// @param nested whether its bytes lie in a field `bytes`
/// @param label the column of labels; null where there is none
/// @param names of the classes, by number, where the file has them; empty where not
public record ParquetTable(Path file, long rows, String image, boolean nested, String label, List<String> names) {
    /// Held, for its level is forgotten with it: Hardwood tells which of its code it takes.
    private static final Logger LIBRARY = Logger.getLogger("dev.hardwood");
    private static final Set<CompressionCodec> READ = EnumSet.of(CompressionCodec.UNCOMPRESSED,
            CompressionCodec.SNAPPY, CompressionCodec.GZIP, CompressionCodec.ZSTD);
    private static final List<String> IMAGES = List.of("image", "img", "jpg", "png", "webp", "picture");
    private static final List<String> LABELS = List.of("label", "labels", "class", "cls", "target", "y", "fine_label");
    private static final Set<PhysicalType> NUMBERS = EnumSet.of(PhysicalType.INT32, PhysicalType.INT64);

    static {
        LIBRARY.setLevel(Level.WARNING);
    }

    /// Does something with an open file; what the library throws becomes the named error.
    private interface Work<T> {
        T with(ParquetFileReader reader) throws IOException;
    }

    private static <T> T reading(Path file, Work<T> work) throws IOException {
        try (var reader = ParquetFileReader.open(new RangeFile(file))) {
            return work.with(reader);
        } catch (ImageException e) {
            throw e;
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw broken(file, e);
        } catch (OutOfMemoryError e) {
            throw broken(file, e);
        }
    }

    private static ImageException broken(Path file, Throwable e) {
        return Guard.damaged(file, "it cannot be read as Parquet (" + Guard.reason(e) + ")", e);
    }

    /// Reads what a file says of itself.
    ///
    /// @throws ImageException where it is damaged, or it cannot be known which column holds the pictures
    public static ParquetTable of(Path file) throws IOException {
        return reading(file, reader -> {
            var data = reader.getFileMetaData();
            long rows = 0;
            long unpacked = 0;
            for (var group : data.rowGroups()) {
                rows = Math.addExact(rows, requireNatural(file, group.numRows()));
                for (var column : group.columns()) {
                    var codec = column.metaData().codec();
                    if (!READ.contains(codec)) {
                        throw new ImageException(Refusal.UNSUPPORTED, file, "its column "
                                + column.metaData().pathInSchema() + " is compressed by " + codec
                                + ", expected one of " + READ, "Write it again with compression snappy or zstd", null);
                    }
                    unpacked = Math.addExact(unpacked, requireNatural(file, column.metaData().totalUncompressedSize()));
                }
            }
            if (rows != data.numRows()) {
                throw Guard.damaged(file, "it promises " + data.numRows() + " rows, its groups have " + rows, null);
            }
            long length = Files.size(file);
            if (unpacked > Archive.FREE && unpacked / Archive.MAX_RATIO > length) {
                throw new ImageException(Refusal.UNPACKS_TOO_LARGE, file, "its " + length + " bytes should unpack to "
                        + unpacked + ", expected at most " + Archive.MAX_RATIO + " times as many",
                        "If it is what you mean, write it again with less compression", null);
            }
            return columns(file, rows, reader);
        });
    }

    private static long requireNatural(Path file, long number) {
        if (number < 0) {
            throw Guard.damaged(file, "one of its numbers of rows or bytes is " + number, null);
        }
        return number;
    }

    private static ParquetTable columns(Path file, long rows, ParquetFileReader reader) {
        var structures = new ArrayList<String>();
        var binaries = new ArrayList<String>();
        var labels = new ArrayList<String>();
        for (var node : reader.getFileSchema().getRootNode().children()) {
            if (node instanceof SchemaNode.GroupNode group && !group.isList() && !group.isMap()
                    && group.children().stream().anyMatch(child -> child.name().equals("bytes") && isBytes(child))) {
                structures.add(node.name());
            } else if (isBytes(node)) {
                binaries.add(node.name());
            } else if (node instanceof SchemaNode.PrimitiveNode number && number.maxRepetitionLevel() == 0
                    && (NUMBERS.contains(number.type()) || number.logicalType() instanceof LogicalType.StringType)) {
                labels.add(node.name());
            }
        }
        boolean nested = !structures.isEmpty();
        var found = nested ? structures : binaries;
        var image = found.size() == 1
                ? found.getFirst()
                : IMAGES.stream().filter(found::contains).findFirst().orElseThrow(() -> new ImageException(file,
                        "its columns " + reader.getFileSchema().getRootNode().children().stream()
                                .map(SchemaNode::name).toList() + " hold "
                                + (found.isEmpty() ? "no pictures" : "pictures in " + found)
                                + "; expected one of bytes, or of a structure with bytes and path",
                        "Write one column of pictures, named image"));
        var features = HuggingFaceFeatures.of(file,
                reader.getFileMetaData().keyValueMetadata().getOrDefault("huggingface", "{}"));
        var candidates = labels.stream().filter(features.classes()::containsKey).toList();
        String label = candidates.size() == 1
                ? candidates.getFirst()
                : LABELS.stream().filter(labels::contains).findFirst().orElse(null);
        return new ParquetTable(file, rows, image, nested, label, features.classes().getOrDefault(label, List.of()));
    }

    private static boolean isBytes(SchemaNode node) {
        return node instanceof SchemaNode.PrimitiveNode leaf && leaf.type() == PhysicalType.BYTE_ARRAY
                && leaf.logicalType() == null && leaf.maxRepetitionLevel() == 0;
    }

    /// A way through the rows, once. One thread; to be closed.
    public final class Rows implements AutoCloseable {
        private final ParquetFileReader reader;
        private final RowReader in;
        private long row = -1;

        private Rows(boolean pictures) throws IOException {
            var columns = new ArrayList<String>();
            if (pictures) {
                columns.add(nested ? image + ".bytes" : image);
            }
            if (label != null) {
                columns.add(label);
            }
            reader = ParquetFileReader.open(new RangeFile(file));
            try {
                in = reader.buildRowReader().projection(ColumnProjection.columns(columns.toArray(String[]::new)))
                        .build();
            } catch (RuntimeException e) {
                reader.close();
                throw e;
            }
        }

        /// Goes to the next row.
        ///
        /// @return false behind the last
        public boolean next() {
            return guarded(() -> {
                if (!in.hasNext()) {
                    if (row + 1 != rows) {
                        throw Guard.damaged(file, "it has " + (row + 1) + " rows, and promises " + rows, null);
                    }
                    return false;
                }
                in.next();
                row++;
                return true;
            });
        }

        /// The bytes of the picture; null where the row has none.
        public byte[] picture() {
            return guarded(() -> {
                if (in.isNull(image)) {
                    return null;
                }
                if (!nested) {
                    return in.getBinary(image);
                }
                var structure = in.getStruct(image);
                return structure.isNull("bytes") ? null : structure.getBinary("bytes");
            });
        }

        /// The label as it is stored, a number or a text; null where the row has none.
        public String label() {
            return guarded(() -> label == null || in.isNull(label) ? null : Objects.toString(in.getValue(label)));
        }

        private <T> T guarded(java.util.function.Supplier<T> work) {
            try {
                return work.get();
            } catch (ImageException e) {
                throw e;
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
                throw Guard.damaged(file, "it cannot be read behind row " + row + " (" + Guard.reason(e) + ")", e);
            }
        }

        @Override
        public void close() throws IOException {
            in.close();
            reader.close();
        }
    }

    /// A new walk.
    ///
    /// @param pictures whether [Rows#picture] will be asked for; labels alone take less time
    public Rows rows(boolean pictures) throws IOException {
        try {
            return new Rows(pictures);
        } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
            throw broken(file, e);
        }
    }
}
