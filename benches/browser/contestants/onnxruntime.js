// onnxruntime-web's training build, on the graphs of ort_models.py.

import * as ort from '/node_modules/onnxruntime-web/dist/ort.training.wasm.min.mjs';
import { batches, serve } from '../contestant.js';
import { BATCH } from '../workloads.js';

let images;
let next;
let training;
let inference;

serve({
    load(data) {
        ort.env.wasm.numThreads = 1;
        ort.env.wasm.wasmPaths = '/node_modules/onnxruntime-web/dist/';
        images = data;
        next = batches(data);
        return { title: 'onnxruntime-web', version: `${ort.env.versions.web}, training build` };
    },
    async prepare(workload) {
        const bytes = async (file) => {
            const response = await fetch(`/ort/${workload}/${file}`);
            if (!response.ok) throw new Error(`its graphs are not there: onnxruntime-training did not install`);
            return new Uint8Array(await response.arrayBuffer());
        };
        training = await ort.TrainingSession.create({
            checkpointState: await bytes('checkpoint'),
            trainModel: await bytes('training_model.onnx'),
            evalModel: await bytes('eval_model.onnx'),
            optimizerModel: await bytes('optimizer_model.onnx'),
        }, { executionProviders: ['wasm'] });
        inference = await ort.InferenceSession.create(await bytes('inference.onnx'), { executionProviders: ['wasm'] });
    },
    async train() {
        const { values, labels } = next();
        const results = await training.runTrainStep({
            input: new ort.Tensor('float32', values, [BATCH, 1, 28, 28]),
            labels: new ort.Tensor('int64', BigInt64Array.from(labels, BigInt), [BATCH]),
        });
        const [loss] = results[training.trainingOutputNames[0]].data;
        await training.runOptimizerStep();
        await training.lazyResetGrad();
        return loss;
    },
    async infer(begin, end) {
        const values = images.values.subarray(begin * 784, end * 784);
        const results = await inference.run({ input: new ort.Tensor('float32', values, [end - begin, 1, 28, 28]) });
        return results[inference.outputNames[0]].data[0];
    },
    async release() {
        await training.release();
        await inference.release();
    },
});
