/// A method of the tests, whole: what a new method has to bring, and nothing else.
package dev.triptych.toy;
