/// One generated scene: ground, shapes, textures and colours, with the mask of each object.
package dev.triptych.data.scene;
