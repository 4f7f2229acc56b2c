package dev.triptych.embed;

import dev.triptych.method.InputException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.bitvectors.HnswBitVectorsFormat;
import org.apache.lucene.codecs.lucene103.Lucene103Codec;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnByteVectorField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.IndexNotFoundException;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnByteVectorQuery;
import org.apache.lucene.store.FSDirectory;

/// Codes of pictures in a Lucene index: a graph of near codes (HNSW) by the bits that differ, which Lucene's format of
/// bit vectors counts; its own similarities are none of bits.
public final class CodeIndex implements CodeSearch {
    /// Nearest codes that the graph is searched for, where fewer are asked: more of the true ones are found.
    public static final int LEAST = 100;

    private static final String CODE = "code";
    private static final String FILE = "file";
    private static final String LABEL = "label";
    private static final String BYTES = "bytes";
    private static final double BUFFER_MEGABYTES = 512;
    /// Kept, so that its level is.
    private static final Logger LUCENE = Logger.getLogger("org.apache.lucene");

    static {
        LUCENE.setLevel(Level.WARNING);
    }

    private final FSDirectory directory;
    private final DirectoryReader reader;
    private final IndexSearcher searcher;
    private final int bytes;

    private CodeIndex(FSDirectory directory, DirectoryReader reader) throws IOException {
        this.directory = directory;
        this.reader = reader;
        this.searcher = new IndexSearcher(reader);
        this.bytes = Integer.parseInt(reader.getIndexCommit().getUserData().getOrDefault(BYTES, "0"));
    }

    /// Makes an index: in a folder beside its own until it is whole.
    public static final class Builder implements AutoCloseable {
        private final Path folder;
        private final Path part;
        private final int bytes;
        private final FSDirectory directory;
        private final IndexWriter writer;
        private final boolean merge;
        private boolean finished;

        /// @param folder a new one
        /// @param bytes of each code
        /// @param merge one graph of all codes, else one of each part as it was in memory: several are searched more
        ///        slowly, but no code is put into a graph twice, and memory does not grow with their number
        /// @throws InputException if the folder is there
        public Builder(Path folder, int bytes, boolean merge) throws IOException {
            if (Files.exists(folder)) {
                throw new InputException("--out " + folder + " exists; expected a new folder. Choose another name, or "
                        + "remove it.");
            }
            this.folder = folder;
            this.bytes = bytes;
            this.merge = merge;
            this.part = folder.resolveSibling(folder.getFileName() + ".part");
            delete(part);
            this.directory = FSDirectory.open(Files.createDirectories(part));
            var config = new IndexWriterConfig().setUseCompoundFile(false).setRAMBufferSizeMB(BUFFER_MEGABYTES)
                    .setCodec(new Lucene103Codec() {
                        @Override
                        public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
                            return new HnswBitVectorsFormat();
                        }
                    });
            if (!merge) {
                config.setMergePolicy(NoMergePolicy.INSTANCE);
            }
            this.writer = new IndexWriter(directory, config);
        }

        /// Adds a picture's code.
        public void add(byte[] code, String file, String label) throws IOException {
            if (code.length != bytes) {
                throw new IllegalArgumentException(code.length + " bytes, expected " + bytes);
            }
            var document = new Document();
            document.add(new KnnByteVectorField(CODE, code, VectorSimilarityFunction.EUCLIDEAN)); // the format's counts
            document.add(new StoredField(FILE, file));
            document.add(new StoredField(LABEL, label));
            writer.addDocument(document);
        }

        /// Ends a part: what was added becomes a graph of its own.
        public void flush() throws IOException {
            writer.flush();
        }

        /// Writes what is left, and the folder has its name.
        public void finish() throws IOException {
            if (merge) {
                writer.forceMerge(1);
            }
            writer.setLiveCommitData(Map.of(BYTES, Integer.toString(bytes)).entrySet());
            writer.commit();
            finished = true;
            close();
            Files.move(part, folder);
        }

        @Override
        public void close() throws IOException {
            if (writer.isOpen()) {
                writer.rollback();
            }
            directory.close();
            if (!finished) {
                delete(part);
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }

    /// Opens an index, after reading all of it once: every file's checksum is compared.
    ///
    /// @throws InputException if the folder holds none, or a damaged one
    public static CodeIndex open(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new InputException(
                    "--index " + folder + ": there is no such folder; expected what `index` wrote. Check "
                            + "the path.");
        }
        var directory = FSDirectory.open(folder);
        DirectoryReader reader = null;
        try {
            reader = DirectoryReader.open(directory);
            for (var leaf : reader.leaves()) {
                leaf.reader().checkIntegrity();
            }
            return new CodeIndex(directory, reader);
        } catch (IndexNotFoundException e) {
            directory.close();
            throw new InputException(
                    "--index " + folder + ": there is no index in it; expected what `index` wrote. Check "
                            + "the path.",
                    e);
        } catch (CorruptIndexException | EOFException | NoSuchFileException | IndexFormatTooNewException
                | IndexFormatTooOldException | IllegalArgumentException e) {
            if (reader != null) {
                reader.close();
            }
            directory.close();
            throw new InputException("--index " + folder + ": the index is damaged, or of another version of Lucene: "
                    + e.getMessage() + "; expected what `index` wrote. Make it again.", e);
        }
    }

    @Override
    public int bytes() {
        return bytes;
    }

    /// Codes in it.
    public int size() {
        return reader.numDocs();
    }

    /// Graphs in it.
    public int graphs() {
        return reader.leaves().size();
    }

    @Override
    public List<Hit> search(byte[] code, int count) throws IOException {
        return search(code, count, LEAST);
    }

    /// The same with another width of the search.
    ///
    /// @param least nearest codes that the graph is searched for
    public List<Hit> search(byte[] code, int count, int least) throws IOException {
        var found = searcher.search(new KnnByteVectorQuery(CODE, code, Math.max(count, least)), count);
        var hits = new ArrayList<Hit>();
        var stored = searcher.storedFields();
        for (var doc : found.scoreDocs) {
            var document = stored.document(doc.doc);
            hits.add(new Hit(document.get(FILE), document.get(LABEL),
                    Math.round((1 - doc.score) * bytes * Byte.SIZE))); // the score is the share of bits that agree
        }
        return hits;
    }

    @Override
    public void close() throws IOException {
        reader.close();
        directory.close();
    }
}
