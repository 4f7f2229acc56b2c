/// Contact sheets of pictures: [Cell] turns arrays into small pictures, [Sheet] lays them out as one PNG.
package dev.triptych.sheet;
