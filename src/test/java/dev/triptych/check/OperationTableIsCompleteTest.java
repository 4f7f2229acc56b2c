package dev.triptych.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.trial.Sample;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Every operation has its row.
class OperationTableIsCompleteTest {
    @Test
    void everyOperationHasOneRow() {
        List<String> names = OperationTable.rows().stream().map(OperationRow::operation).toList();
        assertEquals(OperationTable.operations(), new TreeSet<>(names),
                "operations of Program's interfaces (left) and rows of OperationTable (right)");
        assertEquals(new TreeSet<>(names).size(), names.size(), "an operation has two rows");
    }

    @Test
    void everyRowProvesSomething() {
        for (OperationRow row : OperationTable.rows()) {
            assertTrue(row.samples().stream().anyMatch(s -> !(s instanceof Sample.Refused)), row.operation());
            assertEquals(row.samples().stream().map(Sample::name).distinct().count(), row.samples().size(),
                    row.operation() + " has two samples of one name");
        }
    }
}
