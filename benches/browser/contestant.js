// What every contestant's worker does: answer the page, and work for a given time.
//
// A contestant is an object with `load(data)`, which gives its title and version,
// `prepare(workload)`, `train()`, one step on a batch that gives its loss, `infer(begin, end)`, a pass over
// images, and `release()`. Whatever it throws is shown in the table.

import { BATCH, INFERENCE_BATCH } from './workloads.js';

const INFERENCE_IMAGES = 10_000;

export function serve(contestant) {
    const calls = { ...contestant, work };

    async function work(kind, ms) {
        const begin = performance.now();
        let images = 0;
        let loss = null;
        do {
            if (kind === 'training') {
                loss = await contestant.train();
                images += BATCH;
            } else {
                const size = kind === 'inference' ? INFERENCE_BATCH : 1;
                const first = images % (INFERENCE_IMAGES - INFERENCE_BATCH);
                await contestant.infer(first, first + size);
                images += size;
            }
        } while (performance.now() - begin < ms);
        return { images, ms: performance.now() - begin, loss };
    }

    self.onmessage = async ({ data: { call, method, args } }) => {
        try {
            self.postMessage({ call, result: await calls[method](...args) });
        } catch (error) {
            self.postMessage({ call, error: `${error?.message ?? error}` });
        }
    };
}

// Batches of the images, one after the other; views, so that they cost nothing.
export function batches({ values, labels }) {
    let begin = 0;
    const size = values.length / labels.length;
    return () => {
        if (begin + BATCH > labels.length) begin = 0;
        const batch = {
            values: values.subarray(begin * size, (begin + BATCH) * size),
            labels: labels.subarray(begin, begin + BATCH),
        };
        begin += BATCH;
        return batch;
    };
}

// Runs a script of the kind that knows nothing of modules.
export async function script(url) {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url} is not installed`);
    // Indirect, so that it runs in the global scope.
    (0, eval)(await response.text());
}
