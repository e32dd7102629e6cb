/**
 * What keeps an open page up to date: counts in the navigation, the queue, the lines of a conversation, and a message
 * that is sent without leaving the page. Everything it puts into the page comes from the console's own server, escaped
 * there like the page itself. Without it the pages are as they were when they were opened.
 */
export const LIVE_SCRIPT = `
(() => {
  let address = document.body.dataset.live;
  if (!address || !window.EventSource) return;
  const note = document.getElementById('live-note');
  let source;
  let last;
  let wait = 0;
  const say = (text) => {
    note.textContent = text;
    note.hidden = text === '';
  };
  const stop = () => {
    if (source) source.close();
    source = undefined;
  };
  const start = () => {
    if (source || !address || document.hidden) return;
    source = new EventSource(last ? address.replace(/after=\\d+/, 'after=' + last) : address);
    source.addEventListener('open', () => { wait = 0; });
    source.addEventListener('counts', (event) => {
      showCounts(JSON.parse(event.data));
      void refresh();
    });
    source.addEventListener('news', (event) => {
      last = event.lastEventId;
      showNews(JSON.parse(event.data));
    });
    source.addEventListener('over', () => {
      stop();
      address = undefined;
      say('Your session is over, or this was deleted. Load the page again to go on.');
    });
    source.addEventListener('error', () => {
      // A cut connection is mended by the browser; a refusal is final for this source.
      if (!source || source.readyState !== EventSource.CLOSED) return;
      source = undefined;
      wait = Math.min(wait * 2 || 5000, 60000);
      setTimeout(start, wait);
    });
  };
  const showCounts = (counts) => {
    for (const [name, amount] of Object.entries(counts)) {
      const badge = document.querySelector('[data-count="' + name + '"]');
      if (!badge) continue;
      badge.hidden = amount === 0;
      badge.firstChild.textContent = String(amount);
    }
  };

  // The whole of a page that has nothing to fill in, with the focus kept where it was.
  let refreshing = false;
  const refresh = async () => {
    const main = document.querySelector('main[data-refreshes]');
    if (!main || refreshing) return;
    refreshing = true;
    try {
      const answer = await fetch(location.href, { headers: { 'x-by-itself': 'yes' } });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const fresh = page.getElementById('main');
      if (!fresh || fresh.innerHTML === main.innerHTML) return;
      const focused = main.contains(document.activeElement) && document.activeElement.getAttribute('href');
      main.replaceChildren(...fresh.childNodes);
      if (focused) {
        const again = [...main.querySelectorAll('a')].find((link) => link.getAttribute('href') === focused);
        if (again) again.focus({ preventScroll: true });
      }
    } catch {
      // The next one will do.
    } finally {
      refreshing = false;
    }
  };

  const showNews = (news) => {
    if (news.reload) return location.reload();
    const list = document.querySelector('.transcript');
    const panel = document.getElementById('speak');
    const atEnd = panel && panel.getBoundingClientRect().bottom < innerHeight + 120;
    list.insertAdjacentHTML('beforeend', news.lines);
    for (const [id, markup] of Object.entries(news.parts)) replace(id, markup);
    if (atEnd) document.getElementById('speak').scrollIntoView({ block: 'end' });
  };
  // What is being written stays, and so does the form for it as long as something stands in it.
  const replace = (id, markup) => {
    const old = document.getElementById(id);
    if (!old) return;
    const holder = document.createElement('template');
    holder.innerHTML = markup;
    const fresh = holder.content.firstElementChild;
    const field = old.querySelector('textarea');
    const place = fresh.querySelector('textarea');
    if (field && field.value !== '' && !place) {
      const who = old.querySelector('#who-answers');
      who.replaceWith(fresh.querySelector('#who-answers'));
      return;
    }
    const focused = old.contains(document.activeElement) ? document.activeElement : undefined;
    if (field && place) place.replaceWith(field);
    old.replaceWith(fresh);
    if (!focused) return;
    if (focused === field) field.focus({ preventScroll: true });
    else {
      const key = focused.dataset.key;
      const again = key ? fresh.querySelector('[data-key="' + key + '"]') : fresh.querySelector('button');
      if (again) again.focus({ preventScroll: true });
    }
  };

  const newId = () =>
    btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))))
      .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  document.addEventListener('submit', async (event) => {
    const form = event.target;
    if (!form.matches('form.composer') || !source) return;
    event.preventDefault();
    const field = form.querySelector('textarea');
    const button = form.querySelector('button');
    const body = new URLSearchParams(new FormData(form));
    button.disabled = true;
    try {
      const answer = await fetch(form.action, { method: 'POST', body, redirect: 'manual' });
      // A message that was taken is answered by a redirect; anything else the page itself explains.
      if (answer.type !== 'opaqueredirect') return form.submit();
      field.value = '';
      form.elements.once.value = newId();
      field.focus();
    } catch {
      say('The message could not be sent: the connection is down. It is still in the box.');
      addEventListener('online', () => say(''), { once: true });
    } finally {
      button.disabled = false;
    }
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    const form = event.target.closest('form.composer');
    if (!form || !event.target.matches('textarea')) return;
    event.preventDefault();
    if (form.reportValidity()) form.requestSubmit();
  });
  document.addEventListener('visibilitychange', () => (document.hidden ? stop() : start()));
  addEventListener('pagehide', stop);
  addEventListener('pageshow', start);
  start();
})();
`.trim();
