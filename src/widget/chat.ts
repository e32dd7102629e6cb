/** The chat page: wires the page's elements, the conversation on the screen and the Direct Line client together. */
import { ChatLog } from './chat-log';
import { createChatMenu } from './chat-menu';
import { readableOn, readColour, textOn, writeColour, type Colour } from './colour';
import { DirectLineClient, type ChatActivity, type Connection } from './direct-line-client';
import { readToChat, wrap, type FromChat } from './frame-messages';
import { keepInStorage } from './kept-conversation';
import { fill, TEXTS } from './texts';

/** As the bot takes them; longer ones are refused with the text kept. */
const MOST_CHARACTERS = 1000;
/** The counter shows itself when so few are left. */
const COUNTER_FROM = 150;
/** The count is read out when the visitor has typed nothing for so long. */
const COUNT_PAUSE_MS = 1_000;
/** A short interruption is nobody's business. */
const CONNECTION_NOTE_AFTER_MS = 1_500;
/** After that long without an answer the dots would be a lie. */
const MOST_TYPING_MS = 15_000;
/** Behind the bot's messages in chat.css, light and dark: the owner's colour must be readable there as text. */
const SURFACES: Record<string, Colour> = {
  '--accent-text-light': [0xf2, 0xf4, 0xf3],
  '--accent-text-dark': [0x23, 0x2b, 0x2c],
};

/** Languages written from right to left. */
const RIGHT_TO_LEFT = new Set(['ar', 'dv', 'fa', 'he', 'ps', 'sd', 'ug', 'ur', 'yi']);

const query = new URLSearchParams(location.search);
const page = {
  heading: find('heading', HTMLElement),
  who: find('who', HTMLElement),
  mark: find('mark', HTMLElement),
  log: find('log', HTMLElement),
  typing: find('typing', HTMLElement),
  connection: find('connection', HTMLElement),
  form: find('composer', HTMLFormElement),
  text: find('text', HTMLTextAreaElement),
  trap: find('website', HTMLInputElement),
  counter: find('counter', HTMLElement),
  counted: find('counted', HTMLElement),
  close: find('close', HTMLButtonElement),
  menu: {
    button: find('menu', HTMLButtonElement),
    items: find('menu-items', HTMLElement),
    download: find('download', HTMLButtonElement),
    print: find('print', HTMLButtonElement),
    forget: find('forget', HTMLButtonElement),
    kept: find('kept', HTMLElement),
    dialog: find('forget-dialog', HTMLDialogElement),
    main: find('main', HTMLElement),
  },
};

const launcher = findLauncher();
let isOpen = launcher === undefined;
let unread = 0;
let typingTimer: ReturnType<typeof setTimeout> | undefined;
let connectionTimer: ReturnType<typeof setTimeout> | undefined;
let countTimer: ReturnType<typeof setTimeout> | undefined;
let hasBeenOnline = false;
/** The newest activity that came, and the newest one that stood on the screen at an earlier visit. */
let newest: string | undefined;
/** Whose name stands at the top while nobody of the team answers. */
const assistant = page.who.textContent;
/** They answer when they can: nothing is being typed the moment a message has arrived. */
let personAnswers = false;
/** Of an earlier page, by id. They show when they are taken, or are not, so that they stand below the history. */
const unsent = new Map<string, string>();

const locale = speakLocale();
paint();
showOwner();
const keep = keepInStorage('enquiry-bot', () => localStorage);
const seenBefore = keep.load()?.seen;
const log = new ChatLog({
  log: page.log,
  locale,
  onChoice: choose,
  onRetry: (id) => client.retry(id),
  onFeedback: (feedback) => client.sendEvent('feedback', feedback),
});
const client = new DirectLineClient({
  // The page may be served under a path of its own; the routes are beside it.
  base: location.pathname.replace(/\/chat\/?$/, ''),
  keep,
  ...(locale && { locale }),
  onActivities: receive,
  onConnection: showConnection,
  onDelivery: (id, delivery) => {
    const text = unsent.get(id);
    if (text !== undefined && (delivery === 'waiting' || delivery === 'refused')) {
      unsent.delete(id);
      log.addOwn(id, text);
    }
    // What is not on the screen, as a thumb, gets no answer.
    const isShown = log.showDelivery(id, delivery);
    if (isShown && delivery === 'accepted' && !personAnswers) showTyping();
  },
  onStartedOver: () => log.addRemark(TEXTS.startedOver),
});
showConnection('connecting');
if (!keep.load()) log.showPreview(readGreeting());
for (const { clientActivityId, text } of client.start()) {
  if (text !== undefined) unsent.set(clientActivityId, text);
}
const menu = createChatMenu(page.menu, {
  keptUntil: () => (keep.lasts() ? keep.load()?.until : undefined),
  transcript: () => log.asText(),
  forget: () => client.forget(),
  locale,
});
// Another tab has begun anew or was told to forget: what stands here is not the conversation any more.
keep.onReplaced(() => location.reload());
refuseFiles();

page.form.addEventListener('submit', (event) => {
  event.preventDefault();
  submit();
});
page.text.addEventListener('input', fitComposer);
page.text.addEventListener('keydown', (event) => {
  // While an input method is composing, Enter only picks the word.
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  submit();
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && !menu.close() && !page.menu.dialog.open) askToClose();
});
page.close.hidden = launcher === undefined;
page.close.addEventListener('click', askToClose);
window.addEventListener('online', () => client.networkChanged(true));
window.addEventListener('offline', () => client.networkChanged(false));
document.addEventListener('visibilitychange', noteSeen);
window.addEventListener('message', obeyLauncher);
tellLauncher({ type: 'ready' });
if (isOpen) page.text.focus();

function receive(activities: ChatActivity[], past: boolean): void {
  const fromBot = activities.filter(({ type, from }) => type === 'message' && from?.role === 'bot').length;
  if (fromBot > 0) hideTyping();
  for (const { channelData } of activities) if (channelData) showWhoAnswers(channelData);
  log.add(activities, past, seenBefore);
  newest = activities.filter(({ id }) => id !== undefined).at(-1)?.id ?? newest;
  noteSeen();
  if (activities.at(-1)?.type === 'typing') showTyping();
  if (past || fromBot === 0) return;
  tellLauncher({ type: 'message' });
  if (isOpen) return;
  unread += fromBot;
  tellLauncher({ type: 'unread', count: unread });
}

/** What is on the screen now is not new at the next visit. */
function noteSeen(): void {
  const kept = keep.load();
  if (!isOpen || document.hidden || newest === undefined || kept === undefined) return;
  if (kept.seen === undefined || kept.seen < newest) keep.save({ ...kept, seen: newest });
}

/** A person is there from their first word on until the assistant says that it is back; an answer to an old question is none. */
function showWhoAnswers({ person, answers, answering }: NonNullable<ChatActivity['channelData']>): void {
  if (person !== undefined && answers === undefined) {
    personAnswers = true;
    page.who.textContent = person;
  } else if (answering === 'bot') {
    personAnswers = false;
    page.who.textContent = assistant;
  }
}

function submit(): void {
  const text = page.text.value.trim();
  if (text === '' || text.length > MOST_CHARACTERS) return page.text.focus();
  // A program that fills in every field says nothing here; where a browser did it by itself, the next press sends.
  if (page.trap.value !== '') {
    page.trap.value = '';
    return page.text.focus();
  }
  page.text.value = '';
  fitComposer();
  say(text);
}

function choose(text: string, byKeyboard: boolean): void {
  say(text);
  // The pressed button is disabled now. On a touch screen, focus in the composer would call up the keyboard.
  if (byKeyboard) page.text.focus();
  else page.heading.focus({ preventScroll: true });
}

function say(text: string): void {
  client.send(text, (id) => log.addOwn(id, text));
}

function fitComposer(): void {
  const left = MOST_CHARACTERS - page.text.value.trim().length;
  page.counter.textContent =
    left > COUNTER_FROM
      ? ''
      : fill(left < 0 ? TEXTS.charactersOver : TEXTS.charactersLeft, { count: Math.abs(left) });
  // Read out at every letter, it would drown the letters.
  clearTimeout(countTimer);
  countTimer = setTimeout(() => (page.counted.textContent = page.counter.textContent), COUNT_PAUSE_MS);
  page.text.setAttribute('aria-invalid', String(left < 0));
  page.text.style.height = 'auto';
  page.text.style.height = `${page.text.scrollHeight}px`;
}

function showTyping(): void {
  clearTimeout(typingTimer);
  page.typing.hidden = false;
  log.scrollDown();
  typingTimer = setTimeout(hideTyping, MOST_TYPING_MS);
}

function hideTyping(): void {
  clearTimeout(typingTimer);
  page.typing.hidden = true;
}

function showConnection(connection: Connection): void {
  clearTimeout(connectionTimer);
  const show = (text: string) => {
    page.connection.textContent = text;
    page.connection.hidden = text === '';
  };
  if (connection === 'online') {
    hasBeenOnline = true;
    return show('');
  }
  hideTyping();
  if (connection !== 'connecting') return show(TEXTS[connection]);
  connectionTimer = setTimeout(
    () => show(hasBeenOnline ? TEXTS.reconnecting : TEXTS.connecting),
    CONNECTION_NOTE_AFTER_MS,
  );
}

/**
 * The page that embeds us. Its origin comes with the address of the frame and counts only where it is on the
 * server's own list; that nobody else frames this page is the business of `frame-ancestors`.
 */
function findLauncher(): { window: Window; origin: string } | undefined {
  const origin = query.get('parent');
  const allowed = document.body.dataset.origins?.split(' ') ?? [];
  if (window.parent === window || origin === null) return undefined;
  if (origin !== location.origin && !allowed.includes(origin)) return undefined;
  return { window: window.parent, origin };
}

function tellLauncher(message: FromChat): void {
  launcher?.window.postMessage(wrap(message), launcher.origin);
}

function askToClose(): void {
  if (!launcher) return;
  // From here on, not from the launcher's answer on: what comes between the two is unread as well.
  isOpen = false;
  tellLauncher({ type: 'close' });
}

function obeyLauncher(event: MessageEvent): void {
  if (!launcher || event.source !== launcher.window || event.origin !== launcher.origin) return;
  const message = readToChat(event.data);
  if (message?.type === 'send') return say(message.text.trim().slice(0, MOST_CHARACTERS));
  if (!message) return;
  isOpen = message.type === 'opened';
  if (!isOpen) return;
  unread = 0;
  noteSeen();
  tellLauncher({ type: 'unread', count: 0 });
  log.scrollDown();
  if (message.type !== 'opened' || !message.focus) return;
  // On a touch screen the keyboard would cover the greeting before anybody has read it.
  (matchMedia('(pointer: coarse)').matches ? page.heading : page.text).focus({ preventScroll: true });
}

/** What a new conversation opens with stands in the page. */
function readGreeting(): ChatActivity[] {
  const greeting = JSON.parse(document.body.dataset.greeting ?? '[]') as {
    text: string;
    quickReplies?: { title: string; value: string }[];
  }[];
  return greeting.map(({ text, quickReplies = [] }) => ({
    type: 'message',
    text,
    from: { role: 'bot' },
    suggestedActions: { actions: quickReplies },
  }));
}

/** The language of times and dates, and the side where lines begin; the sentences are the clinic's own. */
function speakLocale(): string | undefined {
  const given = query.get('locale') ?? '';
  try {
    const [known] = Intl.getCanonicalLocales(given);
    if (known === undefined) return undefined;
    document.documentElement.lang = known;
    if (RIGHT_TO_LEFT.has(new Intl.Locale(known).language)) document.documentElement.dir = 'rtl';
    return known;
  } catch {
    return undefined;
  }
}

/** The owner's own name and logo. A logo comes from a site on the server's list, or from ourselves. */
function showOwner(): void {
  const name = query.get('name')?.trim();
  if (name) page.heading.textContent = name;
  const logo = query.get('logo');
  if (logo === null || !URL.canParse(logo)) return;
  const allowed = [location.origin, ...(document.body.dataset.origins?.split(' ') ?? [])];
  if (!allowed.includes(new URL(logo).origin)) return;
  const image = document.createElement('img');
  image.src = logo;
  image.alt = '';
  page.mark.classList.add('logo');
  page.mark.replaceChildren(image);
}

/** A photo of somebody's scalp is health data, which this chat must not get. Dropped on the page, it would replace it. */
function refuseFiles(): void {
  const refuse = (event: DragEvent | ClipboardEvent, given: DataTransfer | null) => {
    if (!given?.types.includes('Files')) return;
    event.preventDefault();
    if (event.type !== 'dragover') log.addRemark(TEXTS.noFiles);
  };
  for (const type of ['dragover', 'drop'] as const) {
    document.addEventListener(type, (event) => refuse(event, event.dataTransfer));
  }
  document.addEventListener('paste', (event) => refuse(event, event.clipboardData));
}

/** The owner's colour, with the text on it and its own readable shades; chat.css has the default. */
function paint(): void {
  const colour = readColour(query.get('colour'));
  if (!colour) return;
  const style = document.documentElement.style;
  style.setProperty('--accent', writeColour(colour));
  style.setProperty('--on-accent', writeColour(textOn(colour)));
  for (const [name, surface] of Object.entries(SURFACES)) {
    style.setProperty(name, writeColour(readableOn(surface, colour)));
  }
}

function find<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`The chat page has no #${id}.`);
  return element;
}
