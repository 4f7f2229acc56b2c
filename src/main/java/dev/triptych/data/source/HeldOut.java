package dev.triptych.data.source;

import dev.triptych.data.file.ImageException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/// A source without a part for testing, made two: every tenth picture of each class, in the order of the walk, is held
/// out for testing; without labels, every tenth of all. Says so in a remark.
public final class HeldOut implements Source {
    /// One of so many is held out.
    public static final int OF = 10;

    private final Source all;

    private HeldOut(Source all) {
        this.all = all;
    }

    /// The source itself where it has two parts, else the same with a part held out.
    public static Source of(Source source) {
        return source.hasTest() ? source : new HeldOut(source);
    }

    @Override
    public String kind() {
        return all.kind();
    }

    @Override
    public String origin() {
        return all.origin();
    }

    @Override
    public List<String> classes() {
        return all.classes();
    }

    @Override
    public boolean hasTest() {
        return true;
    }

    @Override
    public Survey survey(Split part) throws IOException {
        var whole = all.survey(Split.TRAIN);
        long[] perClass = Arrays.stream(whole.perClass()).map(n -> share(n, part)).toArray();
        long pictures = perClass.length == 0 ? share(whole.pictures(), part) : Arrays.stream(perClass).sum();
        if (pictures == 0 && whole.pictures() > 0) {
            throw new ImageException(origin(), "it has no part for testing, and too few pictures"
                    + (perClass.length == 0 ? "" : " of each class") + " to hold out every " + OF + "th",
                    "Add a folder test beside train, or more pictures");
        }
        return new Survey(pictures, perClass, part == Split.TRAIN ? whole.leftOut() : new TreeMap<>());
    }

    private static long share(long n, Split part) {
        return part == Split.TEST ? n / OF : n - n / OF;
    }

    @Override
    public Walk walk(Split part) throws IOException {
        var walk = all.walk(Split.TRAIN);
        var seen = new long[Math.max(1, classes().size())];
        return new Walk() {
            @Override
            public Entry next() throws IOException {
                for (var entry = walk.next(); entry != null; entry = walk.next()) {
                    long before = seen[Math.max(0, entry.label())]++;
                    if (before % OF == OF - 1 == (part == Split.TEST)) {
                        return entry;
                    }
                }
                return null;
            }

            @Override
            public InputStream open() throws IOException {
                return walk.open();
            }

            @Override
            public void close() throws IOException {
                walk.close();
            }
        };
    }

    @Override
    public boolean reopens() {
        return all.reopens();
    }

    @Override
    public InputStream open(Entry entry) throws IOException {
        return all.open(entry);
    }

    @Override
    public String fingerprint(Split part) throws IOException {
        return all.fingerprint(Split.TRAIN) + "\n" + part + ", one of " + OF;
    }

    @Override
    public boolean stored() {
        return all.stored();
    }

    @Override
    public List<String> remarks() {
        var remarks = new ArrayList<>(all.remarks());
        remarks.add("There is no part for testing: every " + OF + "th picture"
                + (classes().isEmpty() ? "" : " of each class") + ", in order, is held out.");
        return remarks;
    }

    @Override
    public String where(Entry entry) {
        return all.where(entry);
    }

    @Override
    public void close() throws IOException {
        all.close();
    }
}
