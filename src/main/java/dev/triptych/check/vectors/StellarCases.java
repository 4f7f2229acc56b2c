package dev.triptych.check.vectors;

import java.util.List;

/// STELLAR's whole models: training, validation, inference, optimiser steps and probes.
final class StellarCases {
    static final List<Family> ALL = List.of();

    private StellarCases() {
    }
}
