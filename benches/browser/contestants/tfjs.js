// TensorFlow.js on its wasm backend.

import { batches, script, serve } from '../contestant.js';
import { BATCH, WORKLOADS } from '../workloads.js';

const HOME = '/node_modules/@tensorflow';

let images;
let next;
let model;

function layers({ convolutions, units }) {
    const all = [];
    for (const [filters, kernelSize, padding] of convolutions) {
        all.push(tf.layers.conv2d({ filters, kernelSize, padding, activation: 'relu' }));
        all.push(tf.layers.maxPooling2d({ poolSize: 2 }));
    }
    all.push(tf.layers.flatten());
    for (const [at, size] of units.entries()) {
        all.push(tf.layers.dense({ units: size, activation: at + 1 < units.length ? 'relu' : 'softmax' }));
    }
    return all;
}

serve({
    async load(data) {
        await script(`${HOME}/tfjs/dist/tf.min.js`);
        await script(`${HOME}/tfjs-backend-wasm/dist/tf-backend-wasm.min.js`);
        tf.wasm.setWasmPaths(`${HOME}/tfjs-backend-wasm/dist/`);
        if (!(await tf.setBackend('wasm'))) throw new Error('its wasm backend does not start');
        images = data;
        next = batches(data);
        return { title: 'TensorFlow.js', version: `${tf.version.tfjs}, wasm` };
    },
    prepare(workload) {
        const [first, ...rest] = layers(WORKLOADS[workload]);
        const input = tf.input({ shape: [28, 28, 1] });
        const output = rest.reduce((tensor, layer) => layer.apply(tensor), first.apply(input));
        model = tf.model({ inputs: input, outputs: output });
        model.compile({ optimizer: tf.train.adam(0.001), loss: 'categoricalCrossentropy' });
    },
    async train() {
        const { values, labels } = next();
        const x = tf.tensor4d(values, [BATCH, 28, 28, 1]);
        const y = tf.oneHot(tf.tensor1d(labels, 'int32'), 10);
        const loss = await model.trainOnBatch(x, y);
        tf.dispose([x, y]);
        return loss;
    },
    async infer(begin, end) {
        const output = tf.tidy(() => {
            const values = images.values.subarray(begin * 784, end * 784);
            return model.predict(tf.tensor4d(values, [end - begin, 28, 28, 1]));
        });
        await output.data();
        output.dispose();
    },
    release() {
        model.dispose();
    },
});
