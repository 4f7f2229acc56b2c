package dev.triptych.cli;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/// [Working] under the races that jcstress provokes: any thread may count.
@JCStressTest
@State
@Outcome(id = "90", expect = ACCEPTABLE, desc = "All are counted.")
@Outcome(expect = FORBIDDEN, desc = "Some are not.")
public class WorkingStress {
    private final StringWriter said = new StringWriter();
    private final Working working = new Working(
            new Terminal(new PrintWriter(said), new PrintWriter(said), false, Main.COLUMNS, Terminal.Style.JSON),
            "images", 90, null,
            160, 10, () -> 0);

    private void count(int each) {
        for (int i = 0; i < 30; i++) {
            working.did(each);
        }
    }

    /// Counts 30.
    @Actor
    public void one() {
        count(1);
    }

    /// Counts 60.
    @Actor
    public void other() {
        count(2);
    }

    /// Reads the last line.
    @Arbiter
    public void end(L_Result r) {
        working.close();
        String text = said.toString();
        r.r1 = text.substring(text.lastIndexOf("\"done\":") + 7, text.lastIndexOf(",\"all\""));
    }
}
