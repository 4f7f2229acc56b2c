/// Golden vectors, computed again with the operations that train. A case is recognised by its method, its settings and
/// the names of its tensors, never by its own name.
package dev.triptych.check.vectors;
