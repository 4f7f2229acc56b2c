/// Methods: each turns a recipe into a set of programs over one state.
package dev.triptych.method;
