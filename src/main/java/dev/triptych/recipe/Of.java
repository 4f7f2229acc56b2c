package dev.triptych.recipe;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks a section or key that belongs to some methods. A recipe of another method must not have the section, and its
/// component is null; nor may it set the key to anything but its default.
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
@interface Of {
    /// The methods that it belongs to.
    Method[] value();
}
