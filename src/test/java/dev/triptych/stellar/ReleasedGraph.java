package dev.triptych.stellar;

import dev.triptych.io.SafetensorsFile;
import java.util.HashMap;
import java.util.Map;

/// The computation of the class of STELLAR's authors (sections 1 to 3), loop by loop in double, from a file with their
/// names. It shares no line with the code under test but the reader of the file.
record ReleasedGraph(ReleasedModel m, SafetensorsFile file) {
    private static final double EPS = 1e-12;
    private static final double[] MEAN = {0.485, 0.456, 0.406};
    private static final double[] STD = {0.229, 0.224, 0.225};

    Map<String, double[]> run(int heads, int decoderHeads, double[] image) {
        int grid = m.side() / m.patch();
        int n = grid * grid;
        int d = m.d();
        int length = 1 + n + m.tokens();
        double[][] x = new double[length][];
        double[] positions = file.doubles("encoder.embeddings.position_embeddings");
        x[0] = file.doubles("encoder.embeddings.cls_token");
        for (int i = 0; i < n; i++) {
            x[1 + i] = patch(image, i / grid, i % grid);
        }
        for (int t = 0; t < 1 + n; t++) {
            for (int j = 0; j < d; j++) {
                x[t][j] += positions[t * d + j];
            }
        }
        double[] tokens = file.doubles("sparse_tokens");
        for (int k = 0; k < m.tokens(); k++) {
            x[1 + n + k] = java.util.Arrays.copyOfRange(tokens, k * d, (k + 1) * d);
        }
        x = blocks("encoder", m.depth(), heads, x);
        double[][] dense = java.util.Arrays.copyOfRange(x, 1, 1 + n);
        double[][] sparse = java.util.Arrays.copyOfRange(x, 1 + n, length);
        double[][] l = localization(dense, sparse);
        double[][] z = new double[n][d];
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < m.tokens(); k++) {
                for (int j = 0; j < d; j++) {
                    z[i][j] += l[i][k] * sparse[k][j];
                }
            }
        }
        var out = new HashMap<String, double[]>();
        out.put("cls", x[0]);
        out.put("dense", flat(dense));
        out.put("sparse", flat(sparse));
        out.put("localization", flat(l));
        out.put("prediction", flat(decode(z, grid, decoderHeads)));
        return out;
    }

    private double[] patch(double[] image, int row, int column) {
        int p = m.patch();
        double[] w = file.doubles("encoder.embeddings.patch_embeddings.projection.weight");
        double[] y = file.doubles("encoder.embeddings.patch_embeddings.projection.bias");
        for (int j = 0; j < m.d(); j++) {
            for (int c = 0; c < 3; c++) {
                for (int a = 0; a < p; a++) {
                    for (int b = 0; b < p; b++) {
                        double v = image[(c * m.side() + row * p + a) * m.side() + column * p + b];
                        y[j] += w[((j * 3 + c) * p + a) * p + b] * (v - MEAN[c]) / STD[c];
                    }
                }
            }
        }
        return y;
    }

    private double[][] blocks(String vit, int depth, int heads, double[][] x) {
        for (int i = 0; i < depth; i++) {
            String layer = vit + ".encoder.layer." + i + ".";
            double[][] h = norm(layer + "layernorm_before", x);
            String a = layer + "attention.attention.";
            double[][] context = attend(linear(a + "query", h), linear(a + "key", h), linear(a + "value", h), heads);
            x = sum(x, linear(layer + "attention.output.dense", context));
            double[][] inner = linear(layer + "intermediate.dense", norm(layer + "layernorm_after", x));
            for (double[] row : inner) {
                for (int j = 0; j < row.length; j++) {
                    row[j] *= 0.5 * (1 + erf(row[j] / Math.sqrt(2)));
                }
            }
            x = sum(x, linear(layer + "output.dense", inner));
        }
        return norm(vit + ".layernorm", x);
    }

    private static double[][] attend(double[][] q, double[][] k, double[][] v, int heads) {
        int n = q.length;
        int size = q[0].length / heads;
        double[][] out = new double[n][q[0].length];
        for (int h = 0; h < heads; h++) {
            for (int i = 0; i < n; i++) {
                double[] score = new double[n];
                for (int j = 0; j < n; j++) {
                    for (int e = h * size; e < (h + 1) * size; e++) {
                        score[j] += q[i][e] * k[j][e] / Math.sqrt(size);
                    }
                }
                softmax(score);
                for (int j = 0; j < n; j++) {
                    for (int e = h * size; e < (h + 1) * size; e++) {
                        out[i][e] += score[j] * v[j][e];
                    }
                }
            }
        }
        return out;
    }

    private double[][] localization(double[][] dense, double[][] sparse) {
        double[][] a = linear("dense_proj", dense);
        double[][] e = linear("sparse_proj", sparse);
        double[][] l = new double[a.length][e.length];
        for (int i = 0; i < a.length; i++) {
            for (int k = 0; k < e.length; k++) {
                l[i][k] = dot(a[i], e[k]) / Math.max(1e-7, Math.sqrt(dot(a[i], a[i])))
                        / Math.max(1e-7, Math.sqrt(dot(e[k], e[k]))) / 0.06;
            }
            softmax(l[i]);
        }
        return l;
    }

    private double[][] decode(double[][] z, int grid, int heads) {
        double[][] h = linear("decoder_proj", z);
        double[] g = file.doubles("position_embedding.positional_encoding_gaussian_matrix");
        int half = m.decoderWidth() / 2;
        for (int i = 0; i < h.length; i++) {
            double x = 2 * ((i % grid + 0.5) / grid) - 1;
            double y = 2 * ((i / grid + 0.5) / grid) - 1;
            for (int c = 0; c < half; c++) {
                double phi = 2 * Math.PI * (x * g[c] + y * g[half + c]);
                h[i][2 * c] += Math.sin(phi);
                h[i][2 * c + 1] += Math.cos(phi);
            }
        }
        h = blocks("decoder", m.decoderDepth(), heads, h);
        if (m.codes() > 0) {
            return linear("reconstruction_head", h);
        }
        int area = m.patch() * m.patch();
        double[] w = file.doubles("reconstruction_head.weight");
        double[] bias = file.doubles("reconstruction_head.bias");
        double[][] pixels = new double[h.length][3 * area];
        for (int i = 0; i < h.length; i++) {
            for (int o = 0; o < 3 * area; o++) {
                pixels[i][o] = bias[o / area];
                for (int c = 0; c < h[i].length; c++) {
                    pixels[i][o] += h[i][c] * w[c * 3 * area + o];
                }
            }
        }
        return pixels;
    }

    private double[][] linear(String name, double[][] x) {
        double[] w = file.doubles(name + ".weight");
        double[] b = file.doubles(name + ".bias");
        double[][] y = new double[x.length][b.length];
        for (int i = 0; i < x.length; i++) {
            for (int o = 0; o < b.length; o++) {
                y[i][o] = b[o];
                for (int j = 0; j < x[i].length; j++) {
                    y[i][o] += w[o * x[i].length + j] * x[i][j];
                }
            }
        }
        return y;
    }

    private double[][] norm(String name, double[][] x) {
        double[] w = file.doubles(name + ".weight");
        double[] b = file.doubles(name + ".bias");
        double[][] y = new double[x.length][b.length];
        for (int i = 0; i < x.length; i++) {
            double mean = 0;
            double square = 0;
            for (double v : x[i]) {
                mean += v / x[i].length;
            }
            for (double v : x[i]) {
                square += (v - mean) * (v - mean) / x[i].length;
            }
            for (int j = 0; j < b.length; j++) {
                y[i][j] = (x[i][j] - mean) / Math.sqrt(square + EPS) * w[j] + b[j];
            }
        }
        return y;
    }

    private static double[][] sum(double[][] x, double[][] y) {
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < x[i].length; j++) {
                y[i][j] += x[i][j];
            }
        }
        return y;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            sum += a[j] * b[j];
        }
        return sum;
    }

    private static void softmax(double[] x) {
        double most = java.util.Arrays.stream(x).max().orElseThrow();
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            x[i] = Math.exp(x[i] - most);
            sum += x[i];
        }
        for (int i = 0; i < x.length; i++) {
            x[i] /= sum;
        }
    }

    /// The error function by its series; arguments here are small.
    private static double erf(double x) {
        if (Math.abs(x) > 5) {
            return Math.signum(x);
        }
        double term = x;
        double sum = x;
        for (int n = 1; n < 200; n++) {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
        }
        return 2 / Math.sqrt(Math.PI) * sum;
    }

    private static double[] flat(double[][] x) {
        return java.util.Arrays.stream(x).flatMapToDouble(java.util.Arrays::stream).toArray();
    }
}
