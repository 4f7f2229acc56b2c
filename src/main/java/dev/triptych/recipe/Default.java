package dev.triptych.recipe;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The value of a recipe key that a recipe leaves out, written as in YAML (`0.1`, `null`, `[0.36, 1.0]`).
/// A key without a default has to be given, except a section, whose own keys then have defaults or are missing.
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Default {
    /// The default in YAML notation.
    String value();
}
