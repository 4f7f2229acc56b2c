/// Pages for people: charts of a run, runs beside one another.
package dev.triptych.report;
