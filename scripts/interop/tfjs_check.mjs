// Opens what Svertka wrote for TensorFlow.js: `node tfjs_check.mjs check FOLDER`, where node finds @tensorflow/tfjs.
//
// FOLDER holds a folder for each model, with model.json, group1-shard1of1.bin, inputs.npy and outputs.npy. The model is
// loaded as a page loads it, from its addresses, and must give the same outputs within 1e-5.

import { readFileSync, readdirSync, existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const TOLERANCE = 1e-5;
// From where it is run, so that the package need not lie beside this file.
const tf = createRequire(join(process.cwd(), "tfjs_check.mjs"))("@tensorflow/tfjs");

/** An array of 32-bit floats in C order, as NumPy saves it. */
function readNpy(path) {
    const bytes = readFileSync(path);
    const start = 10 + bytes.readUInt16LE(8);
    const header = bytes.subarray(10, start).toString("latin1");
    if (!header.includes("'<f4'") || header.includes("True")) throw new Error(`${path}: ${header}`);
    const shape = header.match(/'shape': \(([^)]*)\)/)[1].split(",").filter((extent) => extent.trim()).map(Number);
    // A copy, because floats must begin at a multiple of four.
    return { shape, values: new Float32Array(Uint8Array.from(bytes.subarray(start)).buffer) };
}

/** What fetches files of a folder as if it were a server. */
function fetchFrom(folder) {
    return async (address) => new Response(readFileSync(join(folder, address.split("/").pop())));
}

/** The largest difference, relative where values are larger than 1. */
async function check(folder) {
    const handler = tf.io.http("http://localhost/model.json", { fetchFunc: fetchFrom(folder) });
    const model = await tf.loadLayersModel(handler);
    const [inputs, outputs] = ["inputs.npy", "outputs.npy"].map((name) => readNpy(join(folder, name)));
    const result = model.predict(tf.tensor(inputs.values, inputs.shape));
    if (String(result.shape) !== String(outputs.shape)) {
        throw new Error(`shape ${result.shape} instead of ${outputs.shape}`);
    }
    const got = result.dataSync();
    tf.disposeVariables();
    return outputs.values.reduce((largest, expected, idx) => {
        const distance = Math.abs(got[idx] - expected) / Math.max(1, Math.abs(expected));
        return distance <= largest ? largest : distance; // a NaN stays one
    }, 0);
}

async function main(folder) {
    const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, "model.json"))).sort();
    let [failures, largest] = [0, 0];
    for (const name of names) {
        let problem = null;
        try {
            const got = await check(join(folder, name));
            if (!(got <= TOLERANCE)) problem = `outputs differ by ${got.toExponential(1)}`;
            largest = Math.max(largest, got);
        } catch (error) {
            problem = error.message;
        }
        if (problem) {
            failures += 1;
            console.log(`${name}: ${problem}`);
        }
    }
    const version = tf.version["tfjs-layers"];
    const counts = `${names.length} models, ${failures} wrong`;
    console.log(`TensorFlow.js ${version}: ${counts}, largest difference ${largest.toExponential(1)}`);
    return failures > 0 || names.length === 0 ? 1 : 0;
}

if (process.argv.length !== 4 || process.argv[2] !== "check") {
    console.error("usage: node tfjs_check.mjs check FOLDER");
    process.exit(2);
}
await tf.setBackend("cpu");
process.exit(await main(process.argv[3]));
