package dev.triptych.measure.feature;

import java.util.Arrays;

/// The k best keys of a block of queries, kept sorted: decreasing similarity, equal ones in order of arrival.
public final class Neighbours {
    private final int k;
    private final float[] similarities;
    private final int[] keys;

    /// Nothing offered yet.
    public Neighbours(int queries, int k) {
        this.k = k;
        similarities = new float[queries * k];
        keys = new int[queries * k];
        Arrays.fill(similarities, Float.NEGATIVE_INFINITY);
        Arrays.fill(keys, -1);
    }

    /// Offers a key; keys must be offered in increasing order for ties to go to the smaller index.
    public void offer(int query, int key, float similarity) {
        int first = query * k;
        int slot = first + k - 1;
        if (!(similarity > similarities[slot])) {
            return;
        }
        while (slot > first && similarity > similarities[slot - 1]) {
            similarities[slot] = similarities[slot - 1];
            keys[slot] = keys[slot - 1];
            slot--;
        }
        similarities[slot] = similarity;
        keys[slot] = key;
    }

    /// The n-th best key of a query; -1 where fewer were offered.
    public int key(int query, int n) {
        return keys[query * k + n];
    }

    /// Its similarity.
    public float similarity(int query, int n) {
        return similarities[query * k + n];
    }
}
