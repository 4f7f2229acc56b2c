package dev.triptych.data.view;

import dev.triptych.recipe.AugmentSection;

/// Strengths and probabilities of the colour augmentation.
///
/// @param jitter probability of the jitter as a whole
/// @param brightness factor uniform in 1 -/+ this
/// @param contrast factor uniform in 1 -/+ this
/// @param saturation factor uniform in 1 -/+ this
/// @param hue shift uniform in -/+ this, in turns
/// @param grayscale probability of grey
/// @param blur probability of Gaussian blur
/// @param blurKernel odd width of the blur in pixels, 0 = never
/// @param sigmaLo smallest sigma of the blur in pixels
/// @param sigmaHi largest sigma of the blur in pixels
/// @param solarise probability that values of one half and above are inverted
public record ColourSettings(float jitter, float brightness, float contrast, float saturation, float hue,
        float grayscale, float blur, int blurKernel, float sigmaLo, float sigmaHi,
        float solarise) {
    /// Checks the ranges.
    public ColourSettings {
        share("jitter", jitter);
        share("brightness", brightness);
        share("contrast", contrast);
        share("saturation", saturation);
        share("hue", hue * 2);
        share("grayscale", grayscale);
        share("blur", blur);
        share("solarise", solarise);
        if (blurKernel != 0 && (blurKernel < 0 || blurKernel % 2 == 0)) {
            throw new IllegalArgumentException("blur kernel is " + blurKernel + ", expected 0 (off) or an odd width");
        }
        if (!(sigmaLo > 0 && sigmaLo <= sigmaHi)) {
            throw new IllegalArgumentException("blur sigma is " + sigmaLo + " to " + sigmaHi
                    + ", expected 0 < lo <= hi");
        }
    }

    /// Without solarisation.
    public ColourSettings(float jitter, float brightness, float contrast, float saturation, float hue, float grayscale,
            float blur, int blurKernel, float sigmaLo, float sigmaHi) {
        this(jitter, brightness, contrast, saturation, hue, grayscale, blur, blurKernel, sigmaLo, sigmaHi, 0);
    }

    /// What a recipe says, without solarisation.
    public static ColourSettings of(AugmentSection augment) {
        return new ColourSettings((float) augment.jitterProbability(), (float) augment.brightness(),
                (float) augment.contrast(), (float) augment.saturation(), (float) augment.hue(),
                (float) augment.grayscale(), (float) augment.blurProbability(), augment.blurKernel(),
                (float) augment.blurSigma().low(), (float) augment.blurSigma().high());
    }

    /// These settings with other probabilities of blur and solarisation: what tells the views of a method apart.
    public ColourSettings with(float blurProbability, float solariseProbability) {
        return new ColourSettings(jitter, brightness, contrast, saturation, hue, grayscale, blurProbability, blurKernel,
                sigmaLo, sigmaHi, solariseProbability);
    }

    /// STELLAR's values: jitter (.4, .4, .2, .1) with p .8, grey with p .2, blur with p .5 and sigma .1 to 2.
    public static ColourSettings stellar(int blurKernel) {
        return new ColourSettings(0.8f, 0.4f, 0.4f, 0.2f, 0.1f, 0.2f, 0.5f, blurKernel, 0.1f, 2f);
    }

    /// Leaves every image as it is.
    public static ColourSettings none() {
        return new ColourSettings(0, 0, 0, 0, 0, 0, 0, 0, 1, 1);
    }

    private static void share(String name, float value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException("colour augmentation " + name + " is " + value
                    + ", out of its range: probabilities and strengths lie in 0 to 1, hue in 0 to 0.5");
        }
    }
}
