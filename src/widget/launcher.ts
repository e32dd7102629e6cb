/**
 * The one script a site embeds: `<script src="https://bot.example/widget.js" async></script>`. It draws a button;
 * until that is pressed there is no cookie, no storage and no further request. Options are attributes of the tag,
 * listed in the README. Pages talk to it by `EnquiryBot(command, ...)`, which may be called before the script has
 * loaded; `widget.d.ts` has the types.
 */
import { readColour, textOn, writeColour, type Colour } from './colour';
import { readFromChat, wrap, type FromChat, type ToChat } from './frame-messages';
import { createGreeting } from './greeting';
import { LAUNCHER_STYLE } from './launcher-style';
import { recall, remember } from './page-memory';
import type { EnquiryBot, EnquiryBotEvent } from './widget';

type Listener = (count?: number) => void;

/** Under this name the page's session, and its history, remember that the chat is open. */
const OPEN = 'enquiry-bot-open';
const DEFAULT_COLOUR: Colour = [0x1f, 0x5f, 0x5b];
const DEFAULT_LABEL = 'Chat with us';
const DEFAULT_CLOSE_LABEL = 'Close the chat';
/** Where the frame has not come up by then, the panel says so and offers the chat as a page; `data-timeout`, in ms. */
const FRAME_TIMEOUT_MS = 12_000;

const script = findScript();
if (script && !window.EnquiryBot?.loaded) {
  if (document.body) launch(script);
  else document.addEventListener('DOMContentLoaded', () => launch(script));
}

function findScript(): HTMLScriptElement | undefined {
  const current = document.currentScript;
  if (current instanceof HTMLScriptElement) return current;
  return [...document.querySelectorAll<HTMLScriptElement>('script[src*="/widget.js"]')].at(-1);
}

function launch(tag: HTMLScriptElement): void {
  const chatAddress = new URL('chat', tag.src);
  const ownColour = readColour(tag.dataset.colour);
  const colour = ownColour ?? DEFAULT_COLOUR;
  const { label: ownLabel, closeLabel, unreadLabel, greeting, greetingAfter, timeout } = tag.dataset;
  const label = ownLabel?.trim() || DEFAULT_LABEL;
  const listeners = new Map<string, Listener[]>();
  const waiting: ToChat[] = [];
  const coveredByPanel: Element[] = [];
  let frame: HTMLIFrameElement | undefined;
  let ready = false;
  let unread = 0;

  const host = make('enquiry-bot');
  host.style.setProperty('--colour', writeColour(colour));
  host.style.setProperty('--text', writeColour(textOn(colour)));
  if (tag.dataset.position === 'left') host.dataset.position = 'left';
  const root = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(LAUNCHER_STYLE);
  root.adoptedStyleSheets = [sheet];

  const button = make('button');
  button.type = 'button';
  button.append(
    icon('up', 'M21 11.5a8 8 0 0 1-11.7 7.1L4 20l1.4-4.6A8 8 0 1 1 21 11.5zM9 10.5h7M9 13.5h4'),
    icon('down', 'M6 9l6 6 6-6'),
  );
  if (ownLabel) {
    const words = make('span');
    words.textContent = label;
    button.append(words);
  }
  const badge = make('b');
  badge.hidden = true;
  button.append(badge);

  const panel = make('div');
  panel.className = 'panel';
  panel.hidden = true;
  panel.setAttribute('role', 'dialog');
  panel.setAttribute('aria-label', label);
  root.append(button, panel);
  describeButton();
  document.body.append(host);
  const bubble = greeting?.trim()
    ? createGreeting({
        root,
        text: greeting.trim(),
        closeLabel: closeLabel || 'Close',
        afterMs: Number(greetingAfter ?? 5) * 1000,
        onOpen: () => open(),
      })
    : undefined;
  // Chosen on the page before. Over a whole phone screen it would be in the way of the page that was asked for.
  if (recall('session', OPEN) && !fillsScreen()) open(false);

  button.addEventListener('click', () => (panel.hidden ? open() : close()));
  root.addEventListener('keydown', (event) => {
    if ((event as KeyboardEvent).key === 'Escape' && !panel.hidden) close();
  });
  window.addEventListener('message', onMessage);
  window.addEventListener('popstate', onBack);
  for (const change of ['resize', 'scroll'])
    window.visualViewport?.addEventListener(change, fitAboveKeyboard);
  // Sites that swap the whole body from page to page (Turbo and the like) would lose the chat with it.
  const body = new MutationObserver(() => {
    if (!host.isConnected) document.body?.append(host);
    coverPage(!panel.hidden && fillsScreen());
  });
  body.observe(document.documentElement, { childList: true });

  function open(focus = true): void {
    if (!panel.hidden) return;
    panel.hidden = false;
    bubble?.answered();
    remember('session', OPEN, '1');
    if (fillsScreen()) history.pushState({ ...stateOfPage(), [OPEN]: true }, '');
    if (host.dataset.state === 'lost') {
      panel.replaceChildren();
      frame = undefined;
    }
    frame ??= createFrame();
    describeButton();
    fitAboveKeyboard();
    coverPage(fillsScreen());
    if (focus) frame.focus();
    tell({ type: 'opened', focus });
    announce('open');
  }

  function close(): void {
    if (panel.hidden) return;
    panel.hidden = true;
    coverPage(false);
    describeButton();
    button.focus();
    remember('session', OPEN);
    if (stateOfPage()[OPEN]) history.back();
    tell({ type: 'closed' });
    announce('close');
  }

  /** On a phone, back means: back to the page under the chat. */
  function onBack(): void {
    if (!stateOfPage()[OPEN]) close();
  }

  function createFrame(): HTMLIFrameElement {
    const address = new URL(chatAddress);
    address.searchParams.set('parent', location.origin);
    for (const option of ['name', 'logo', 'locale'] as const) {
      const value = tag.dataset[option];
      if (value)
        address.searchParams.set(option, option === 'logo' ? new URL(value, location.href).href : value);
    }
    if (ownColour) address.searchParams.set('colour', writeColour(ownColour).slice(1));
    const created = make('iframe');
    created.title = label;
    created.referrerPolicy = 'no-referrer';
    created.src = address.href;
    panel.append(created);
    host.dataset.state = 'loading';
    setTimeout(
      () => {
        if (!ready && frame === created) showWayAround();
      },
      Number(timeout) || FRAME_TIMEOUT_MS,
    );
    return created;
  }

  function showWayAround(): void {
    const sorry = make('p');
    const link = make('a');
    link.href = chatAddress.href;
    link.target = '_blank';
    link.rel = 'noopener';
    link.textContent = 'Open it in a new tab';
    sorry.append('The chat could not be loaded here. ', link, '.');
    panel.prepend(sorry);
    host.dataset.state = 'lost';
    coverPage(false);
  }

  function tell(message: ToChat): void {
    if (ready) frame?.contentWindow?.postMessage(wrap(message), chatAddress.origin);
    else waiting.push(message);
  }

  function onMessage(event: MessageEvent): void {
    if (event.origin !== chatAddress.origin || !frame || event.source !== frame.contentWindow) return;
    const message = readFromChat(event.data);
    if (message) obey(message);
  }

  function obey(message: FromChat): void {
    switch (message.type) {
      case 'ready':
        // Loaded again by itself, it does not know that it is open.
        if (ready && !panel.hidden) waiting.push({ type: 'opened', focus: false });
        ready = true;
        host.dataset.state = 'ready';
        coverPage(!panel.hidden && fillsScreen());
        for (const kept of waiting.splice(0)) tell(kept);
        return announce('ready');
      case 'close':
        return close();
      case 'message':
        return announce('message');
      case 'unread':
        unread = message.count;
        describeButton();
        return announce('unread', unread);
    }
  }

  function describeButton(): void {
    button.className = panel.hidden ? 'launch' : 'launch open';
    button.setAttribute('aria-expanded', String(!panel.hidden));
    const inWords = unreadLabel?.replace('{count}', String(unread));
    const news = unread === 0 ? '' : `, ${inWords || `${unread} unread message${unread === 1 ? '' : 's'}`}`;
    button.setAttribute('aria-label', panel.hidden ? label + news : closeLabel || DEFAULT_CLOSE_LABEL);
    badge.hidden = unread === 0;
    badge.textContent = String(unread);
    document.title = (unread ? `(${unread}) ` : '') + document.title.replace(/^\(\d+\) /, '');
  }

  function fillsScreen(): boolean {
    return matchMedia('(max-width:480px),(max-height:480px)').matches;
  }

  /** On a phone the panel is the whole screen: what lies under it must not take focus or scroll. */
  function coverPage(covered: boolean): void {
    for (const element of coveredByPanel.splice(0)) element.removeAttribute('inert');
    if (!covered) return;
    for (const element of document.body.children) {
      if (element === host || element.hasAttribute('inert')) continue;
      element.setAttribute('inert', '');
      coveredByPanel.push(element);
    }
  }

  /**
   * iOS lays its keyboard over fixed elements instead of shrinking the page, and moves what is seen of it: the panel
   * goes where a visitor sees it, with the composer above the keyboard. Who has zoomed in has chosen what to see.
   */
  function fitAboveKeyboard(): void {
    const seen = window.visualViewport;
    if (!seen || seen.scale > 1.01) return;
    const below = window.innerHeight - seen.offsetTop - seen.height;
    const isCovered = fillsScreen() && seen.height < window.innerHeight - 1;
    panel.style.top = isCovered ? `${seen.offsetTop}px` : '';
    panel.style.bottom = isCovered ? `${below}px` : '';
  }

  function announce(event: EnquiryBotEvent, detail?: number): void {
    window.dispatchEvent(new CustomEvent(`enquirybot:${event}`, { detail }));
    for (const listener of listeners.get(event) ?? []) listener(detail);
  }

  function destroy(): void {
    announce('destroy');
    unread = 0;
    describeButton();
    coverPage(false);
    bubble?.remove();
    window.removeEventListener('message', onMessage);
    window.removeEventListener('popstate', onBack);
    body.disconnect();
    for (const change of ['resize', 'scroll'])
      window.visualViewport?.removeEventListener(change, fitAboveKeyboard);
    host.remove();
    delete window.EnquiryBot;
  }

  const commands: Record<string, (...given: unknown[]) => void> = {
    open: () => open(),
    close,
    toggle: () => (panel.hidden ? open() : close()),
    send: (text) => {
      open();
      tell({ type: 'send', text: String(text) });
    },
    on: (event, listener) => {
      if (typeof listener !== 'function') return;
      listeners.set(String(event), [...(listeners.get(String(event)) ?? []), listener as Listener]);
    },
    destroy,
  };
  const early = window.EnquiryBot?.q ?? [];
  const run = (command: string, ...given: unknown[]) => {
    if (Object.hasOwn(commands, command)) commands[command]?.(...given);
  };
  window.EnquiryBot = Object.assign(run, { loaded: true as const }) as EnquiryBot;
  for (const call of early) run(...(Array.from(call) as [string, ...unknown[]]));
}

/** The page's own history state, which may be anything. */
function stateOfPage(): Record<string, unknown> {
  const state: unknown = history.state;
  return typeof state === 'object' && state !== null ? (state as Record<string, unknown>) : {};
}

function make<Name extends keyof HTMLElementTagNameMap>(name: Name): HTMLElementTagNameMap[Name];
function make(name: string): HTMLElement;
function make(name: string): HTMLElement {
  return document.createElement(name);
}

function icon(className: string, path: string): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', className);
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
}
