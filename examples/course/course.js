// Where Svertka lies: ?svertka=https://lab.example/app/ in this page's address, or the folder below.
'use strict';
const base = new URL(new URLSearchParams(location.search).get('svertka') ?? 'svertka/', location.href);

const script = document.createElement('script');
script.src = new URL('lab.js', base);
document.head.append(script);

// What the widgets tell, in words. A real course would keep it.
const percent = (share) => `${Math.round(share * 100)} %`;
const words = {
  'svertka-ready': () => 'Готово к работе / Ready',
  'svertka-progress': ({ progress }) => `Пройдено / Done: ${percent(progress)}`,
  'svertka-completed': ({ score }) => `Выполнено / Completed${score === null ? '' : `: ${percent(score)}`}`,
};
for (const [name, say] of Object.entries(words)) {
  document.addEventListener(name, ({ detail }) => {
    const place = document.querySelector(`[data-of="${detail.widget}"]`);
    // Once it is done, less is no news.
    if (place && !(place.dataset.done && name !== 'svertka-completed')) {
      place.textContent = say(detail);
      if (name === 'svertka-completed') place.dataset.done = 'true';
    }
  });
}
