package dev.triptych.measure.retrieval;

import dev.triptych.data.source.SeveralLabels;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// Which items of a database a query is looking for.
public sealed interface Relevance {
    /// Number of queries.
    int queries();

    /// Number of items in the database.
    int items();

    /// Writes for every item of the database whether query q looks for it: 1 or 0.
    ///
    /// @return how many are relevant
    int mark(int q, byte[] relevant);

    /// What is relevant where classes have these names, in words.
    String RULE = "relevant is the same class (of several labels, a;b: one that both have)";

    /// Images of the same class are relevant; where classes stand for several labels (`a;b`), those that share one.
    ///
    /// @param classes names, which the numbers of both index
    static Relevance of(List<String> classes, int[] queries, int[] database) {
        if (!SeveralLabels.areIn(classes)) {
            return sameLabel(queries, database);
        }
        var labels = classes.stream().flatMap(name -> SeveralLabels.of(name).stream()).distinct().toList();
        var rows = new boolean[classes.size()][labels.size()];
        for (int c = 0; c < rows.length; c++) {
            for (String label : SeveralLabels.of(classes.get(c))) {
                rows[c][labels.indexOf(label)] = true;
            }
        }
        IntFunction<boolean[]> row = c -> rows[c];
        return anySharedLabel(IntStream.of(queries).mapToObj(row).toArray(boolean[][]::new),
                IntStream.of(database).mapToObj(row).toArray(boolean[][]::new));
    }

    /// Images of the same class are relevant.
    static Relevance sameLabel(int[] queries, int[] database) {
        return new SameLabel(queries, database);
    }

    /// Images that share at least one label are relevant.
    ///
    /// @param queries labels of the queries, (queries x labels)
    /// @param database labels of the items, (items x labels)
    static Relevance anySharedLabel(boolean[][] queries, boolean[][] database) {
        return new AnySharedLabel(queries, database);
    }

    /// One label each.
    record SameLabel(int[] query, int[] database) implements Relevance {
        @Override
        public int queries() {
            return query.length;
        }

        @Override
        public int items() {
            return database.length;
        }

        @Override
        public int mark(int q, byte[] relevant) {
            int label = query[q];
            int count = 0;
            for (int i = 0; i < database.length; i++) {
                int same = database[i] == label ? 1 : 0;
                relevant[i] = (byte) same;
                count += same;
            }
            return count;
        }
    }

    /// Several labels each.
    record AnySharedLabel(boolean[][] query, boolean[][] database) implements Relevance {
        @Override
        public int queries() {
            return query.length;
        }

        @Override
        public int items() {
            return database.length;
        }

        @Override
        public int mark(int q, byte[] relevant) {
            int count = 0;
            for (int i = 0; i < database.length; i++) {
                boolean shared = false;
                for (int c = 0; c < query[q].length; c++) {
                    shared |= query[q][c] && database[i][c];
                }
                relevant[i] = (byte) (shared ? 1 : 0);
                count += relevant[i];
            }
            return count;
        }
    }
}
