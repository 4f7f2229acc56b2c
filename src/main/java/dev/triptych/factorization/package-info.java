/// What x where: an image as K semantic tokens S and their localization L, Z = L S.
package dev.triptych.factorization;
