import type { ConsoleRoute } from './guard';
import { LIVE_SCRIPT } from './live-script';
import { sha256 } from './sessions';

/**
 * Keys for those who read thirty conversations in a row. Every one of them presses or focuses something that is on
 * the page anyway, so nothing needs this script. Plain JavaScript, because it is served as it stands.
 */
const KEYS_SCRIPT = `
'use strict';
(() => {
  const moving = '.rows > li > a, .rows > li.plain, .transcript > li.visitor';
  const move = (step) => {
    const items = [...document.querySelectorAll(moving)];
    const now = items.findIndex((item) => item.contains(document.activeElement));
    const next = items[now < 0 ? (step > 0 ? 0 : items.length - 1) : now + step];
    if (!next) return;
    if (next.tagName !== 'A') next.tabIndex = -1;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: 'nearest' });
  };
  // The keys work again, in a list from where one was.
  const leave = (field) => {
    const item = field.closest('.rows > li.plain');
    field.blur();
    if (item) item.tabIndex = -1;
    if (item) item.focus({ preventScroll: true });
  };
  const keyed = (key) => {
    const near = document.activeElement && document.activeElement.closest('li');
    const selector = '[data-key="' + key + '"]';
    return (near && near.querySelector(selector)) || document.querySelector(selector);
  };
  const use = (key) => {
    const target = keyed(key);
    if (!target) return false;
    if (target.matches('input, textarea')) target.focus();
    else target.click();
    return true;
  };
  // A key must not leave behind what somebody has typed and not sent.
  const isHalfWritten = () => {
    const field = [...document.querySelectorAll('main textarea')].find((each) => each.value !== each.defaultValue);
    if (!field) return false;
    const note = document.getElementById('live-note');
    note.textContent = 'This is not sent yet: send it first, or empty the field.';
    note.hidden = false;
    field.focus();
    return true;
  };
  const leaving = 'rupvtq';
  const keys = {
    j: () => move(1),
    k: () => move(-1),
    r: () => use('r'),
    u: () => use('u'),
    n: () => use('n'),
    p: () => use('p'),
    v: () => use('v'),
    t: () => use('t') || use('m'),
    q: () => location.assign('/staff'),
    '/': () => use('/') || location.assign('/staff/conversations#search'),
    '?': () => {
      const help = document.getElementById('keys');
      if (!help) return;
      help.open = !help.open;
      help.querySelector('summary').focus();
      help.scrollIntoView({ block: 'end' });
    },
  };
  document.addEventListener('keydown', (event) => {
    const form = event.target.closest('form');
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && form && event.target.matches('textarea:not(.composer *)')) {
      event.preventDefault();
      return form.requestSubmit();
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === 'Escape' && document.activeElement.matches('input, textarea, select')) leave(document.activeElement);
    if (event.target.closest('input, textarea, select')) return;
    const act = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
    if (!act) return;
    event.preventDefault();
    if (!leaving.includes(event.key) || !isHalfWritten()) act();
  });
  // A trial takes some seconds: the button says so, and a second press would only begin another one.
  let slow;
  document.addEventListener('submit', (event) => {
    if (slow && slow.button.form === event.target) return event.preventDefault();
    const words = event.submitter && event.submitter.dataset.slow;
    if (!words) return;
    slow = { button: event.submitter, label: event.submitter.textContent };
    slow.button.textContent = words;
    slow.button.setAttribute('aria-busy', 'true');
    setTimeout(ready, 30000);
  });
  const ready = () => {
    if (!slow) return;
    slow.button.textContent = slow.label;
    slow.button.removeAttribute('aria-busy');
    slow = undefined;
  };
  addEventListener('pageshow', ready);
  if (location.hash === '#search') use('/');
  // On a phone the navigation is wider than the screen.
  const nav = document.querySelector('.top nav');
  const here = nav && nav.querySelector('[aria-current]');
  if (here) nav.scrollLeft = here.offsetLeft - (nav.clientWidth - here.offsetWidth) / 2;
})();
`.trim();

const SCRIPT = `${KEYS_SCRIPT}\n${LIVE_SCRIPT}`;

/** Changes with the content, so that browsers may keep the file for ever. */
export const SCRIPT_URL = `/staff/console.js?v=${sha256(SCRIPT).slice(0, 8)}`;

export const scriptRoute: ConsoleRoute = {
  method: 'GET',
  path: '/staff/console.js',
  open: async () => ({
    status: 200,
    headers: {
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    },
    body: SCRIPT,
  }),
};
