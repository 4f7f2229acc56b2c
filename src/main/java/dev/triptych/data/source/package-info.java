/// Pictures as people have them, one interface for all: [dev.triptych.data.source.Source]. Folders with and without
/// classes, lists, tables of labels, CIFAR-10's binary version; each a class behind that interface, chosen by
/// [dev.triptych.data.source.Sources].
package dev.triptych.data.source;
