// Starts a worker as the page's own loader does, and tells whoever asks how large its memory has become: it never shrinks.

importScripts('./worker.js');
const started = wasm_bindgen({ module_or_path: './worker_bg.wasm' });
const asked = new BroadcastChannel('memory');
asked.onmessage = async ({ data }) => {
    if (data !== 'tell') return;
    const { memory } = await started;
    asked.postMessage({ name: self.name, born: performance.timeOrigin, bytes: memory.buffer.byteLength });
};
