/// The command line: [dev.triptych.cli.Main] and one small class for each command.
package dev.triptych.cli;
