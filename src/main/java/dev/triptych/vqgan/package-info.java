/// MaskGIT's VQGAN (Chang et al. 2022): the tokenizer of the papers, convolutions with group norms around a codebook.
package dev.triptych.vqgan;
