// The three networks, for engines that build them in JavaScript. Svertka's own presets and the
// graphs of ort_models.py are the same.

export const BATCH = 64;
// Images per pass of inference.
export const INFERENCE_BATCH = 64;

// filters, size and padding of convolutions, each with relu and max pooling 2x2; then dense layers,
// with relu but for the last.
export const WORKLOADS = {
    W1: { preset: 'mlp', convolutions: [], units: [128, 10] },
    W2: { preset: 'keras-cnn', convolutions: [[32, 3, 'valid'], [64, 3, 'valid']], units: [128, 10] },
    W3: { preset: 'lenet5', convolutions: [[6, 5, 'same'], [16, 5, 'valid']], units: [120, 84, 10] },
};
