// <svertka-lab>: a Svertka widget in a page of your own; docs/embedding.md says how.
(() => {
  const HOME = new URL('.', document.currentScript?.src ?? location.href).href;
  const SANDBOX = 'allow-scripts allow-same-origin allow-downloads allow-popups allow-popups-to-escape-sandbox';
  const OPTIONS = ['lang', 'theme', 'lock', 'hide', 'goal'];
  const TOLD = ['ready', 'progress', 'completed', 'state'];
  let count = 0;

  class SvertkaLab extends HTMLElement {
    static observedAttributes = ['widget', 'state', 'title', 'base', ...OPTIONS];
    #frame = null;
    #id = `lab-${++count}`;
    #hear = (event) => this.#message(event);

    connectedCallback() {
      addEventListener('message', this.#hear);
      this.#show();
    }

    disconnectedCallback() {
      removeEventListener('message', this.#hear);
      this.#frame?.remove();
      this.#frame = null;
    }

    attributeChangedCallback(name, before, now) {
      if (this.#frame && before !== now) this.#show();
    }

    setTheme(theme) { this.#tell({ type: 'set-theme', theme }); }
    setLanguage(language) { this.#tell({ type: 'set-language', language }); }
    setState(state) { this.#tell({ type: 'set-state', state }); }
    getState() { this.#tell({ type: 'get-state' }); }

    #tell(wish) {
      const message = { source: 'svertka-host', version: 1, id: this.#id, ...wish };
      this.#frame?.contentWindow?.postMessage(message, new URL(this.#frame.src).origin);
    }

    // A new frame each time: a hash alone loads nothing.
    #show() {
      const given = (name) => this.getAttribute(name) ?? '';
      const pair = (name, value) => value && `${name}=${encodeURIComponent(value)}`;
      const host = origin === 'null' ? '' : origin;
      const query = [given('state'), ...OPTIONS.map((name) => pair(name, given(name))), pair('id', this.#id), pair('host', host)];
      const frame = document.createElement('iframe');
      frame.title = given('title') || 'Svertka';
      frame.loading = 'lazy';
      frame.allow = 'fullscreen; clipboard-write';
      frame.setAttribute('sandbox', SANDBOX);
      this.style.display = 'block';
      Object.assign(frame.style, { display: 'block', width: '100%', border: '0', height: `${given('height') || 720}px` });
      const base = new URL(given('base') || HOME, document.baseURI).href;
      frame.src = `${base}#/embed/${encodeURIComponent(given('widget'))}?${query.filter(Boolean).join('&')}`;
      this.#frame?.remove();
      this.#frame = this.appendChild(frame);
    }

    #message({ source, data }) {
      if (!this.#frame || source !== this.#frame.contentWindow || data?.source !== 'svertka') return;
      if (data.type === 'resize' && data.height > 0) {
        this.#frame.style.height = `${Math.min(Math.max(data.height, 120), 20000)}px`;
      } else if (TOLD.includes(data.type)) {
        this.dispatchEvent(new CustomEvent(`svertka-${data.type}`, { detail: data, bubbles: true }));
      }
    }
  }

  if (!customElements.get('svertka-lab')) customElements.define('svertka-lab', SvertkaLab);
})();
