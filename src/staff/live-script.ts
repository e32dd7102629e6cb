/**
 * What keeps an open page up to date: counts in the navigation, the queue, the lists, the lines of a conversation and what
 * stands beside them, and a message that is sent without leaving the page. Everything it puts into the page comes from the console's own server, escaped
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
    source.addEventListener('parts', (event) => showParts(JSON.parse(event.data)));
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

  // What an element is about, so that it is known again in a newer version of the page.
  const keyOf = (element) => {
    const link = element.matches('li, tr, div') ? element.querySelector('a[href]') : undefined;
    return element.id || element.getAttribute('href') || element.getAttribute('value') || (link && link.getAttribute('href')) || '';
  };
  const isSame = (one, other) =>
    one.nodeType === other.nodeType &&
    (one.nodeType !== Node.ELEMENT_NODE || (one.tagName === other.tagName && keyOf(one) === keyOf(other)));
  // Makes the old one say what the fresh one says, and leaves alone what both have: focus, what was opened, what is typed.
  const renew = (old, fresh) => {
    if (old.isEqualNode(fresh) || old.matches('input:not([type=hidden]), textarea')) return;
    for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    for (const { name } of [...old.attributes])
      if (!fresh.hasAttribute(name) && name !== 'open' && name !== 'tabindex') old.removeAttribute(name);
    const wanted = [...fresh.childNodes];
    let at = old.firstChild;
    const drop = () => {
      const next = at.nextSibling;
      at.remove();
      at = next;
    };
    for (let index = 0; index < wanted.length; index++) {
      while (at && !wanted.slice(index).some((node) => isSame(at, node))) drop();
      let match = at;
      while (match && !isSame(match, wanted[index])) match = match.nextSibling;
      if (!match) {
        old.insertBefore(wanted[index], at);
        continue;
      }
      if (match.nodeType === Node.ELEMENT_NODE) renew(match, wanted[index]);
      else if (match.data !== wanted[index].data) match.data = wanted[index].data;
      if (match === at) at = at.nextSibling;
      else old.insertBefore(match, at);
    }
    while (at) drop();
  };
  // The focus stays, and so does the line that one is reading: nothing moves under the eyes.
  const inPlace = (region, change) => {
    const focused = region.contains(document.activeElement) ? document.activeElement : undefined;
    const key = focused && keyOf(focused);
    const rows = scrollY > 0 ? [...region.querySelectorAll('li, p')] : [];
    const read = focused || rows.find((row) => row.getBoundingClientRect().bottom > 0);
    const before = read && read.getBoundingClientRect().top;
    change();
    if (focused && document.activeElement !== focused) {
      const again = focused.isConnected
        ? focused
        : [...region.querySelectorAll(focused.tagName)].find((other) => key !== '' && keyOf(other) === key);
      if (again) again.focus({ preventScroll: true });
    }
    if (scrollY > 0 && read && read.isConnected) scrollBy(0, read.getBoundingClientRect().top - before);
  };

  // The parts of a page that show what waits or what was said; what one fills in stands outside of them.
  let refreshing = false;
  let onceMore = false;
  const refresh = async () => {
    const regions = [...document.querySelectorAll('[data-refreshes]')];
    onceMore = refreshing;
    if (regions.length === 0 || refreshing) return;
    refreshing = true;
    try {
      const answer = await fetch(location.href, { headers: { 'x-by-itself': 'yes' } });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      for (const region of regions) {
        const fresh = page.getElementById(region.id);
        if (fresh) inPlace(region, () => renew(region, document.importNode(fresh, true)));
      }
    } catch {
      // The next one will do.
    } finally {
      refreshing = false;
      if (onceMore) void refresh();
    }
  };

  const showParts = ({ parts, note: told }) => {
    for (const [id, markup] of Object.entries(parts)) replace(id, markup);
    if (told) say(told);
  };
  const showNews = (news) => {
    if (news.reload) return location.reload();
    const list = document.querySelector('.transcript');
    const panel = document.getElementById('speak');
    const atEnd = panel && panel.getBoundingClientRect().bottom < innerHeight + 120;
    list.insertAdjacentHTML('beforeend', news.lines);
    showParts(news);
    if (atEnd) document.getElementById('speak').scrollIntoView({ block: 'end' });
  };
  // What is being written stays, and so does the form for it as long as something stands in it.
  const replace = (id, markup) => {
    const old = document.getElementById(id);
    const holder = document.createElement('template');
    holder.innerHTML = markup;
    const fresh = document.importNode(holder.content, true).firstElementChild;
    if (!old || !fresh) return;
    const field = old.querySelector('textarea');
    if (field && field.value !== '' && !fresh.querySelector('textarea')) {
      const who = old.querySelector('#who-answers');
      if (who) who.replaceWith(fresh.querySelector('#who-answers'));
      return;
    }
    inPlace(old, () => renew(old, fresh));
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
