// Starts the page, or says in words why it cannot start. Everything else is in Rust.
// A classic script, so that browsers too old for the rest still run it.
(function () {
  // The smallest module with a SIMD instruction: (func (result v128) i32.const 0, i8x16.splat, i8x16.popcnt).
  var simd = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];
  var supported = typeof WebAssembly === 'object' && WebAssembly.validate(new Uint8Array(simd));
  var app = document.querySelector('meta[name="svertka-app"]');

  function show(id) {
    document.getElementById('boot-loading').hidden = true;
    document.getElementById(id).hidden = false;
  }

  function fail(error) {
    document.getElementById('boot-reason').textContent = String(error);
    show('boot-failed');
    console.error(error);
  }

  if (!supported) {
    show('boot-old');
    return;
  }
  import(new URL(app.content, document.baseURI).href)
    .then(function (bindings) {
      return bindings.default({ module_or_path: new URL(app.dataset.wasm, document.baseURI).href });
    })
    .then(function () {
      document.getElementById('boot').remove();
    })
    .catch(fail);
})();
