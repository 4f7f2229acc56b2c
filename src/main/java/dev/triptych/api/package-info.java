/// What other programs may call: [Triptych#open] gives the encoder of a trained run, [Triptych#train] trains one. No
/// other package is promised to stay as it is.
///
/// Java needs `--add-modules jdk.incubator.vector`; without it the encoder computes more slowly.
package dev.triptych.api;
