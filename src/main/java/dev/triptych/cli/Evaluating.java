package dev.triptych.cli;

import dev.triptych.method.EvaluationProgress;

/// How far an evaluation is, as [Working] shows it: one counted stage after another.
final class Evaluating implements EvaluationProgress, AutoCloseable {
    private final Terminal terminal;
    private int stages;
    private int stage;
    private Working working;

    Evaluating(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void expect(int more) {
        stages += more;
    }

    @Override
    public void begin(String what, long all) {
        end();
        stage++;
        working = terminal.working(what, all, stages == 0 ? null : new Working.Stage("evaluating", stage, stages));
    }

    @Override
    public void did(long more) {
        working.did(more);
    }

    @Override
    public void remark(String text) {
        if (working != null) {
            working.interrupt();
        }
        terminal.remark(text);
    }

    private void end() {
        if (working != null) {
            working.close();
            working = null;
        }
    }

    @Override
    public void close() {
        end();
    }
}
