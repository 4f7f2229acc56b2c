package dev.triptych.method;

/// Is told how far an evaluation is: one stage after another, each of which counts what it does. Stages begin on one
/// thread; [#did] may come from any.
public interface EvaluationProgress {
    /// Tells nobody.
    EvaluationProgress NONE = new EvaluationProgress() {
        @Override
        public void expect(int stages) {
        }

        @Override
        public void begin(String what, long all) {
        }

        @Override
        public void did(long more) {
        }

        @Override
        public void remark(String text) {
        }
    };

    /// So many more stages will come.
    void expect(int stages);

    /// The next stage begins; the one before has ended.
    ///
    /// @param what it does, and what it counts, in words
    /// @param all how many there are, at least 1
    void begin(String what, long all);

    /// So many more of the stage are done.
    void did(long more);

    /// Something worth knowing, in a line of its own.
    void remark(String text);
}
