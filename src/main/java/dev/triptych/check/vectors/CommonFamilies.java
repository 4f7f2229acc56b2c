package dev.triptych.check.vectors;

import java.util.List;
import java.util.stream.Stream;

/// The building blocks that all methods share, in the order in which they are asked.
final class CommonFamilies {
    static final List<Family> ALL = Stream.of(TokenFamilies.ALL, ConvolutionFamilies.ALL, LossFamilies.ALL,
            UpdateFamilies.ALL, LayerFamilies.ALL).flatMap(List::stream).toList();

    private CommonFamilies() {
    }
}
