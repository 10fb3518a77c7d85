// Starts the widget inside a learning platform and tells it, by SCORM 1.2, how far the student is.
// Everything of the package comes from one origin: the widget is listened to by its window and that origin.
'use strict';
(() => {
  const WINDOWS = 10; // Platforms nest frames, but not endlessly.
  const ROOM = 4096; // Characters that SCORM 1.2 keeps for a package.
  const lab = document.getElementById('lab');
  const { widget, state, options, pass } = lab.dataset;
  const begun = Date.now();

  // The platform's API is in a window above, or above the one that opened this.
  function above(first) {
    let at = first;
    for (let steps = 0; steps < WINDOWS && at; steps++) {
      try {
        if (at.API) return at.API;
      } catch {
        return null; // A window of another origin: what is above it is out of reach as well.
      }
      if (at.parent === at) return null;
      at = at.parent;
    }
    return null;
  }

  const api = above(window) ?? above(window.opener);
  const isHeard = api !== null && String(api.LMSInitialize('')) === 'true';
  document.getElementById('alone').hidden = isHeard;
  const get = (name) => (isHeard ? String(api.LMSGetValue(name) ?? '') : '');
  const set = (name, value) => isHeard && api.LMSSetValue(name, String(value));
  const commit = () => isHeard && api.LMSCommit('');

  let best = Number.parseFloat(get('cmi.core.score.raw'));
  const done = ['completed', 'passed'];
  if (!done.includes(get('cmi.core.lesson_status'))) set('cmi.core.lesson_status', 'incomplete');

  // Where the student left off, or as the teacher has set it up.
  const kept = get('cmi.suspend_data') || state;
  const own = new URLSearchParams({ id: 'scorm' });
  if (window.origin !== 'null') own.set('host', window.origin);
  lab.src = `app/index.html#/embed/${widget}?${[kept, options, own].map(String).filter(Boolean).join('&')}`;

  // A share from 0 to 1, as a whole number out of 100; a worse result than before changes nothing.
  function complete(score) {
    if (typeof score !== 'number') {
      if (!done.includes(get('cmi.core.lesson_status'))) set('cmi.core.lesson_status', 'completed');
      return;
    }
    const raw = Math.round(Math.min(Math.max(score, 0), 1) * 100);
    if (raw < best) return;
    best = raw;
    set('cmi.core.score.min', 0);
    set('cmi.core.score.max', 100);
    set('cmi.core.score.raw', raw);
    set('cmi.core.lesson_status', pass === '' ? 'completed' : raw >= Number(pass) ? 'passed' : 'failed');
  }

  window.addEventListener('message', ({ source, origin, data }) => {
    if (source !== lab.contentWindow || origin !== window.origin || data?.source !== 'svertka') return;
    if (data.type === 'completed') complete(data.score);
    else if (data.type === 'state' && data.state?.length <= ROOM) set('cmi.suspend_data', data.state);
    else return;
    commit();
  });

  let isOver = false;
  function finish() {
    if (isOver) return;
    isOver = true;
    const seconds = Math.floor((Date.now() - begun) / 1000);
    const two = (number) => String(number).padStart(2, '0');
    const time = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(':');
    set('cmi.core.session_time', time);
    set('cmi.core.exit', 'suspend');
    commit();
    if (isHeard) api.LMSFinish('');
  }
  window.addEventListener('pagehide', finish);
  window.addEventListener('beforeunload', finish);
})();
