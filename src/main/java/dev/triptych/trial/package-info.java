/// Programs under test with the values of their inputs, and central differences that check their gradients.
package dev.triptych.trial;
