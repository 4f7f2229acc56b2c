package dev.triptych.recipe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/// Writes records as the YAML that [Binder] reads.
final class YamlWriter {
    private YamlWriter() {
    }

    static String write(Record record) {
        var settings = DumpSettings.builder().setSchema(new CoreSchema()).setDefaultFlowStyle(FlowStyle.BLOCK)
                .setIndicatorIndent(2).setIndentWithIndicator(true).build();
        return new Dump(settings).dumpToString(plain(record));
    }

    /// Values in words by dotted keys; elements of a list of sections are counted from 0.
    static SequencedMap<String, String> values(Record record) {
        var values = new LinkedHashMap<String, String>();
        flatten("", plain(record), values);
        return values;
    }

    private static void flatten(String path, Object value, Map<String, String> values) {
        switch (value) {
            case Map<?, ?> section -> section.forEach((key, inner) -> flatten(path.isEmpty()
                    ? key.toString()
                    : path + "." + key, inner, values));
            case List<?> list when !list.isEmpty() && list.getFirst() instanceof Map -> {
                for (int i = 0; i < list.size(); i++) {
                    flatten(path + "." + i, list.get(i), values);
                }
            }
            case null, default -> values.put(path, String.valueOf(value));
        }
    }

    private static Object plain(Object value) {
        return switch (value) {
            case Interval interval -> List.of(interval.low(), interval.high());
            case Record record -> section(record);
            case List<?> list -> list.stream().map(YamlWriter::plain).toList();
            case Enum<?> constant -> Field.kebab(constant.name());
            case null, default -> value;
        };
    }

    private static Map<String, Object> section(Record record) {
        var section = new LinkedHashMap<String, Object>();
        for (var component : record.getClass().getRecordComponents()) {
            try {
                var accessor = component.getAccessor();
                accessor.setAccessible(true);
                var value = accessor.invoke(record);
                if (value instanceof Map<?, ?> sections) {
                    sections.forEach((name, own) -> section.put(name.toString(), plain(own)));
                } else if (value != null || !Field.isSection(component.getType())) {
                    section.put(Field.kebab(component.getName()), plain(value));
                }
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("Cannot read " + component, e);
            }
        }
        return section;
    }
}
