package dev.triptych.data.source;

import dev.triptych.data.file.ImageDecoder;
import dev.triptych.data.file.ImageException;
import dev.triptych.data.file.JpegDecoder;
import dev.triptych.data.file.LimitedDecoder;
import dev.triptych.fuzz.Mutations;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/// Damaged archives of each kind: a source whose pictures can be gone through and read, or an [ImageException] that
/// names the file. Half of the inputs get past the first line of defence: check sums of tar headers, lengths of the
/// directory of a ZIP file and of the end of a Parquet file, and the length of an idx file fit what is damaged.
class ArchiveFuzz {
    private static final EntryDecoder DECODER = new EntryDecoder(
            new LimitedDecoder(new ImageDecoder(1 << 16, JpegDecoder.raster()), Duration.ofSeconds(10)));
    private static final String[] NAMES = {"train/cat/a.pgm", "train/dog/b.1.pgm", "test/cat/ä.pgm", "read.me"};
    private static final byte[] PICTURE = "P5 3 2 255\nabcdef".getBytes(StandardCharsets.US_ASCII);
    private static final Mutations TARS = new Mutations(tars());
    private static final byte[][] ZIPS = zips();
    private static final Mutations WHOLE_ZIPS = new Mutations(List.of(ZIPS));
    private static final Mutations DIRECTORIES = new Mutations(Arrays.stream(ZIPS)
            .map(zip -> Arrays.copyOfRange(zip, directory(zip), zip.length - 22)).toList());
    private static final byte[][] PARQUETS = parquets();
    private static final Mutations WHOLE_PARQUETS = new Mutations(List.of(PARQUETS));
    private static final Mutations FOOTERS = new Mutations(Arrays.stream(PARQUETS)
            .map(file -> Arrays.copyOfRange(file, footer(file), file.length - 8)).toList());
    private static final Mutations PAGES = new Mutations(Arrays.stream(PARQUETS)
            .map(file -> Arrays.copyOfRange(file, 4, footer(file))).toList());
    private static final Mutations IDX = new Mutations(List.of(idxOf(3, 4, 5), idxOf(9), idxOf(1, 1, 1)));

    private static Path folder;

    @BeforeContainer
    static void create() throws IOException {
        folder = Mutations.folder();
    }

    @AfterContainer
    static void delete() throws IOException {
        Mutations.delete(folder);
    }

    private static List<byte[]> tars() {
        try {
            var tars = new ArrayList<byte[]>();
            for (int mode : new int[]{TarArchiveOutputStream.LONGFILE_GNU, TarArchiveOutputStream.LONGFILE_POSIX}) {
                var bytes = new ByteArrayOutputStream();
                try (var tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
                    tar.setLongFileMode(mode);
                    tar.setAddPaxHeadersForNonAsciiNames(true);
                    for (String name : NAMES) {
                        put(tar, mode == TarArchiveOutputStream.LONGFILE_GNU ? name : "long/".repeat(30) + name,
                                PICTURE);
                    }
                }
                tars.add(bytes.toByteArray());
            }
            var samples = new ByteArrayOutputStream();
            try (var tar = new TarArchiveOutputStream(samples)) {
                for (String key : new String[]{"a", "b"}) {
                    put(tar, key + ".pgm", PICTURE);
                    put(tar, key + (key.equals("a") ? ".cls" : ".json"),
                            (key.equals("a") ? "7" : "{\"label\": 7}").getBytes(StandardCharsets.US_ASCII));
                }
            }
            tars.add(samples.toByteArray());
            return tars;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void put(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        var entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private static byte[][] zips() {
        try {
            var zips = new byte[2][];
            for (int stored = 0; stored < 2; stored++) {
                var bytes = new ByteArrayOutputStream();
                try (var zip = new ZipOutputStream(bytes)) {
                    for (String name : NAMES) {
                        var entry = new ZipEntry(name);
                        if (stored == 1) {
                            var crc = new CRC32();
                            crc.update(PICTURE);
                            entry.setMethod(ZipEntry.STORED);
                            entry.setSize(PICTURE.length);
                            entry.setCrc(crc.getValue());
                        }
                        zip.putNextEntry(entry);
                        zip.write(PICTURE);
                        zip.closeEntry();
                    }
                }
                zips[stored] = bytes.toByteArray();
            }
            return zips;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int directory(byte[] zip) {
        return little(zip).getInt(zip.length - 6);
    }

    private static byte[][] parquets() {
        try {
            var files = new ArrayList<byte[]>();
            for (String name : new String[]{"set/data/train-00000-of-00002", "set/data/train-00001-of-00002",
                    "set/data/test-00000-of-00001", "plain"}) {
                files.add(Files.readAllBytes(Path.of("src/test/resources/parquet/" + name + ".parquet")));
            }
            return files.toArray(byte[][]::new);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static int footer(byte[] parquet) {
        return parquet.length - 8 - little(parquet).getInt(parquet.length - 8);
    }

    private static byte[] idxOf(int... sizes) {
        int length = Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
        var bytes = ByteBuffer.allocate(4 + 4 * sizes.length + length).putInt(0x800 + sizes.length);
        for (int size : sizes) {
            bytes.putInt(size);
        }
        return bytes.array();
    }

    private static byte[] joined(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /// Opens what lies at a path and reads all of it.
    private static void read(Path file) throws IOException {
        try (var source = Sources.kindOf(file, SourceOptions.AUTO)) {
            for (var part : source.hasTest() ? Split.values() : new Split[]{Split.TRAIN}) {
                long seen = 0;
                try (var walk = source.walk(part)) {
                    for (var entry = walk.next(); entry != null; entry = walk.next(), seen++) {
                        try {
                            DECODER.read(source, entry, walk::open);
                        } catch (ImageException e) {
                            requireNamed(e);
                        }
                    }
                }
                long promised = source.survey(part).pictures();
                if (seen != promised) {
                    throw new AssertionError(seen + " pictures where " + promised + " are counted");
                }
            }
        } catch (ImageException expected) {
            requireNamed(expected);
        }
    }

    private static void requireNamed(ImageException e) {
        if (!e.getMessage().startsWith(folder.toString())) {
            throw e;
        }
    }

    private static void read(String name, byte[] content) throws IOException {
        read(Files.write(folder.resolve(name), content));
    }

    @Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void tar(@ForAll long seed) throws IOException {
        read("a.tar", tarOf(seed));
    }

    @Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void compressedTar(@ForAll long seed) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(tarOf(seed));
        }
        byte[] packed = out.toByteArray();
        if (seed % 3 == 0) {
            packed = new Mutations(List.of(packed)).of(seed);
        }
        read("a.tar.gz", packed);
    }

    private static byte[] tarOf(long seed) {
        byte[] tar = TARS.of(seed);
        for (int at = 0; seed % 2 != 0 && at + 512 <= tar.length; at += 512) {
            if (new String(tar, at + 257, 5, StandardCharsets.ISO_8859_1).equals("ustar")) {
                Arrays.fill(tar, at + 148, at + 156, (byte) ' ');
                int sum = 0;
                for (int i = 0; i < 512; i++) {
                    sum += tar[at + i] & 0xFF;
                }
                System.arraycopy("%06o\0 ".formatted(sum).getBytes(StandardCharsets.US_ASCII), 0, tar, at + 148, 8);
            }
        }
        return tar;
    }

    @Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void zip(@ForAll long seed) throws IOException {
        if (seed % 2 == 0) {
            read("a.zip", WHOLE_ZIPS.of(seed));
            return;
        }
        byte[] zip = ZIPS[(int) (seed >> 1 & 1)];
        byte[] directory = DIRECTORIES.of(seed);
        var end = little(Arrays.copyOfRange(zip, zip.length - 22, zip.length));
        end.putInt(12, directory.length);
        read("a.zip", joined(Arrays.copyOf(zip, directory(zip)), directory, end.array()));
    }

    @Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void parquet(@ForAll long seed) throws IOException {
        byte[] file = PARQUETS[(int) (seed >> 2 & 3)];
        byte[] magic = Arrays.copyOf(file, 4);
        byte[] end = Arrays.copyOfRange(file, footer(file), file.length);
        read("a.parquet", switch ((int) (seed & 3)) {
            case 0 -> WHOLE_PARQUETS.of(seed);
            case 1, 2 -> {
                byte[] footer = FOOTERS.of(seed);
                yield joined(Arrays.copyOf(file, footer(file)), footer,
                        little(new byte[4]).putInt(footer.length).array(),
                        magic);
            }
            default -> joined(magic, Arrays.copyOf(PAGES.of(seed), footer(file) - 4), end);
        });
    }

    @Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void idx(@ForAll long seed) throws IOException {
        byte[] file = IDX.of(seed);
        if (seed % 2 != 0 && file.length > 16) {
            long count = Integer.toUnsignedLong(ByteBuffer.wrap(file).getInt(4));
            long each = file[3] == 1 ? 1 : ByteBuffer.wrap(file).getInt(8) * (long) ByteBuffer.wrap(file).getInt(12);
            long length = (file[3] == 1 ? 8 : 16) + count * each;
            file = length > 0 && length < 1 << 16 ? Arrays.copyOf(file, (int) length) : file;
        }
        Files.write(folder.resolve("train-labels-idx1-ubyte"), IDX.of(seed * 31));
        read("train-images-idx3-ubyte", file);
    }
}
