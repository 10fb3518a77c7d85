// jax-js on its wasm device, the whole training step compiled by jit(). Arrays are counted: what is
// used once more is `.ref`.

import { init, jit, lax, nn, numpy as np, random, tree, valueAndGrad } from '/node_modules/@jax-js/jax/dist/index.js';
import { batches, serve } from '../contestant.js';
import { BATCH, WORKLOADS } from '../workloads.js';

const RATE = 0.001;
const BETA_1 = 0.9;
const BETA_2 = 0.999;

let images;
let next;
let state;
let step;
let predict;

function initial({ convolutions, units }) {
    const params = [];
    let seed = 0;
    let [channels, extent] = [1, 28];
    const add = (shape, fanIn, fanOut, outputs) => {
        const limit = Math.sqrt(6 / (fanIn + fanOut));
        seed += 1;
        params.push(random.uniform(random.key(seed), shape, { minval: -limit, maxval: limit }), np.zeros([outputs]));
    };
    for (const [filters, size, padding] of convolutions) {
        add([filters, channels, size, size], channels * size * size, filters * size * size, filters);
        extent = Math.floor((padding === 'same' ? extent : extent - size + 1) / 2);
        channels = filters;
    }
    let inputs = channels * extent * extent;
    for (const outputs of units) {
        add([inputs, outputs], inputs, outputs, outputs);
        inputs = outputs;
    }
    return params;
}

// [n, 1, 28, 28] to logits.
function forward({ convolutions, units }, params, x) {
    let at = 0;
    for (const [filters, , padding] of convolutions) {
        x = lax.conv(x, params[at], [1, 1], padding.toUpperCase());
        x = nn.relu(x.add(params[at + 1].reshape([1, filters, 1, 1])));
        x = lax.reduceWindow(x, (window) => np.max(window), [2, 2], [2, 2]);
        at += 2;
    }
    x = x.reshape([x.shape[0], -1]);
    for (let layer = 0; layer < units.length; layer += 1, at += 2) {
        x = np.matmul(x, params[at]).add(params[at + 1]);
        if (layer + 1 < units.length) x = nn.relu(x);
    }
    return x;
}

function adam(workload) {
    const loss = (params, x, y) => np.mean(np.sum(nn.logSoftmax(forward(workload, params, x)).mul(y), -1)).mul(-1);
    // `rate` is Adam's learning rate with both corrections, which depend on the step.
    return jit((params, means, squares, x, y, rate) => {
        const [value, grads] = valueAndGrad(loss)(tree.ref(params), x, y);
        const newMeans = means.map((m, at) => m.mul(BETA_1).add(grads[at].ref.mul(1 - BETA_1)));
        const newSquares = squares.map((v, at) => v.mul(BETA_2).add(np.square(grads[at]).mul(1 - BETA_2)));
        const moved = params.map((p, at) => {
            const direction = newMeans[at].ref.div(np.sqrt(newSquares[at].ref).add(1e-7));
            return p.sub(direction.mul(rate.ref));
        });
        rate.dispose();
        return [value, moved, newMeans, newSquares];
    });
}

const zerosLike = (params) => params.map((p) => np.zeros(p.shape));

serve({
    async load(data) {
        await init('wasm');
        images = data;
        next = batches(data);
        const { version } = await (await fetch('/node_modules/@jax-js/jax/package.json')).json();
        return { title: 'jax-js', version: `${version}, wasm` };
    },
    prepare(name) {
        const workload = WORKLOADS[name];
        const params = initial(workload);
        state = { params, means: zerosLike(params), squares: zerosLike(params), steps: 0 };
        step = adam(workload);
        predict = jit((params, x) => nn.softmax(forward(workload, params, x), -1));
    },
    async train() {
        const { values, labels } = next();
        state.steps += 1;
        const rate = RATE * Math.sqrt(1 - BETA_2 ** state.steps) / (1 - BETA_1 ** state.steps);
        const x = np.array(values.slice()).reshape([BATCH, 1, 28, 28]);
        const y = nn.oneHot(np.array(Int32Array.from(labels)), 10);
        const [loss, params, means, squares] = step(state.params, state.means, state.squares, x, y, np.array(rate));
        Object.assign(state, { params, means, squares });
        return (await loss.data())[0];
    },
    async infer(begin, end) {
        const x = np.array(images.values.slice(begin * 784, end * 784)).reshape([end - begin, 1, 28, 28]);
        await predict(tree.ref(state.params), x).data();
    },
    release() {
        for (const array of [...state.params, ...state.means, ...state.squares]) array.dispose();
        step.dispose?.();
        predict.dispose?.();
    },
});
