// Shows the first screen, starts the page, or says in words why it cannot start. Everything else is in Rust.
// A classic script, so that browsers too old for the rest still run it.
(function () {
  var root = document.documentElement;
  var app = document.querySelector('meta[name="svertka-app"]');
  var hash = location.hash.replace(/^#\/?/, '');
  var framed = hash.indexOf('embed/') === 0;

  // What the reader chose last time; frames may have no storage.
  function remembered(name) {
    try {
      return localStorage.getItem('svertka.' + name);
    } catch (refused) {
      return null;
    }
  }

  // What the address says of the first of these names, as src/ui/routes.rs reads it.
  function said(name) {
    var found = new RegExp('[?&]' + name + '=([^&]*)').exec(hash);
    return found && framed ? found[1] : null;
  }

  // The same choice as src/ui/locale.rs makes.
  function language() {
    var wanted = [said('lang'), remembered('language')].concat(navigator.languages || [navigator.language]);
    for (var i = 0; i < wanted.length; i++) {
      var primary = String(wanted[i]).split(/[-_]/)[0].toLowerCase();
      if (primary === 'ru' || primary === 'en') return primary;
    }
    return 'en';
  }

  // The menu of the page's group, and in both menus where the reader is, as src/ui/app.rs marks it.
  function showPlace(screen, page) {
    var menu = screen.querySelector('[data-pages~="' + page + '"]');
    var mark = function (part, link, how) {
      var found = part.querySelector('a[href="' + link + '"]');
      if (found) found.setAttribute('aria-current', how);
    };
    var main = screen.querySelector('.nav');
    if (menu) {
      menu.hidden = false;
      mark(menu, '#/' + page, 'page');
      mark(main, menu.querySelector('a').getAttribute('href'), 'true');
    }
    // The benches are named by what they are, not by the first of them.
    if (page !== 'losses') mark(main, '#/' + page, 'page');
  }

  function firstScreen() {
    var theme = said('theme') || remembered('theme');
    if (theme === 'light' || theme === 'dark') root.setAttribute('data-theme', theme);
    root.lang = language();
    var screen = document.querySelector('[data-first][lang="' + root.lang + '"]');
    var page = hash.split('?')[0].replace(/\/+$/, '');
    var show = function (selector) {
      var found = screen.querySelector(selector);
      if (found) found.hidden = false;
    };
    screen.hidden = false;
    // A course page that shows one piece of the page in a frame wants no header, not even for a moment.
    if (framed) screen.querySelector('.header').hidden = true;
    else if (/^[a-z]*$/.test(page)) {
      show('[data-page="' + page + '"]');
      if (page !== '') showPlace(screen, page);
    }
    if (page !== '') show('[data-wait]');
  }

  // What can be read comes first: the program is thirty times its size and would take its share of a slow line, and of
  // a slow processor. Nothing is painted in a tab that nobody sees.
  function painted() {
    if (document.hidden) return Promise.resolve();
    var picture = document.querySelector('[data-first]:not([hidden]) [data-page=""]:not([hidden]) img');
    return new Promise(function (resolve) {
      setTimeout(resolve, 2000);
      var next = function () {
        requestAnimationFrame(function () {
          setTimeout(resolve, 0);
        });
      };
      if (picture) picture.decode().then(next, next);
      else next();
    });
  }

  // The smallest module with a SIMD instruction: (func (result v128) i32.const 0, i8x16.splat, i8x16.popcnt).
  var simd = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];
  var supported = typeof WebAssembly === 'object' && WebAssembly.validate(new Uint8Array(simd));

  // The page's security policy sends all markup and every script's address through here. Markup is made by the page's
  // own views; none of it may run anything. Scripts come from where the page comes from.
  if (window.trustedTypes && trustedTypes.createPolicy) {
    trustedTypes.createPolicy('default', {
      createHTML: function (markup) {
        if (/<\s*(script|iframe|object|embed|base|link|meta)|\son\w+\s*=|javascript:/i.test(markup)) {
          throw new TypeError('markup that could run something: ' + markup.slice(0, 200));
        }
        return markup;
      },
      createScriptURL: function (address) {
        var url = new URL(address, document.baseURI);
        // Frames without an origin start their workers from memory.
        if (url.protocol !== 'blob:' && url.origin !== location.origin) throw new TypeError('a script of another origin: ' + url);
        return address;
      },
    });
  }

  function trouble(id) {
    var screens = document.querySelectorAll('[data-first]');
    for (var i = 0; i < screens.length; i++) screens[i].hidden = true;
    document.getElementById(id).hidden = false;
  }

  // Without an origin, in a frame that is locked in, files come only from a server that gives them to everybody.
  function sandboxed() {
    var link = document.getElementById('boot-open');
    link.href = location.href.replace('#/embed/confusion', '#/evaluation').replace('#/embed/', '#/');
    link.textContent = link.href;
    trouble('boot-sandboxed');
  }

  function fail(error) {
    if (self.origin === 'null') {
      console.error(error);
      sandboxed();
      return;
    }
    document.getElementById('boot-reason').textContent = String(error);
    trouble('boot-failed');
    console.error(error);
  }

  if (!supported) {
    trouble('boot-old');
    return;
  }
  firstScreen();
  // What goes wrong in the program before it has taken this screen away.
  var broken = function (event) {
    if (document.getElementById('boot')) fail(event.reason || event.error || event.message);
  };
  addEventListener('error', broken);
  addEventListener('unhandledrejection', broken);
  painted()
    .then(function () {
      // Both at once: the one does not wait for the other on its way.
      var program = fetch(new URL(app.dataset.wasm, document.baseURI).href);
      // Whoever waits for it below hears of its failure.
      program.catch(function () {});
      return import(new URL(app.content, document.baseURI).href).then(function (bindings) {
        return bindings.default({ module_or_path: program });
      });
    })
    .catch(fail);
})();
