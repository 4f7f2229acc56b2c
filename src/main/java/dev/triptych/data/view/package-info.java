/// What the views of several methods are made of, drawn by the counter-based generator: crops and colours.
package dev.triptych.data.view;
