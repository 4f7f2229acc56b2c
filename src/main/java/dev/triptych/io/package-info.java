/// Files that survive a crash and formats that are read strictly: safetensors and atomic replacement.
package dev.triptych.io;
