package dev.triptych.program;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// The loss of a method: the weighted sum of its terms.
///
/// @param terms in order; none of them has weight 0
/// @param total what is differentiated
public record TotalLoss(List<Term> terms, Tensor total) {
    /// One term. Its weight is stated here and nowhere else.
    ///
    /// @param name in logs and messages
    /// @param value a scalar, not weighted
    /// @param weight in the total
    public record Term(String name, Tensor value, float weight) {
    }

    /// The terms of a loss that is being written.
    public static final class Terms {
        private final List<Term> terms = new ArrayList<>();

        /// Adds a term.
        ///
        /// @param weight in the total; of weight 0, the term is not computed
        /// @param value appends it to the program
        public void add(String name, float weight, Supplier<Tensor> value) {
            if (weight != 0f) {
                terms.add(new Term(name, value.get(), weight));
            }
        }

        /// Their weighted sum.
        ///
        /// @throws IllegalArgumentException if there is no term
        public TotalLoss total(Program p) {
            if (terms.isEmpty()) {
                throw new IllegalArgumentException("All weights of the loss are 0: nothing to learn");
            }
            Term first = terms.getFirst();
            Tensor total = first.weight() == 1f ? first.value() : p.scale(first.value(), first.weight());
            for (Term term : terms.subList(1, terms.size())) {
                total = p.addScaled(total, 1f, term.value(), term.weight());
            }
            return new TotalLoss(List.copyOf(terms), total);
        }
    }

    /// The value of a term; null where its weight is 0.
    public Tensor term(String name) {
        return terms.stream().filter(term -> term.name().equals(name)).map(Term::value).findFirst().orElse(null);
    }
}
