import type { ChatActivity } from './direct-line-client';
import { renderBotText, renderVisitorText } from './message-text';
import type { Delivery } from './outbox';
import { TEXTS } from './texts';

export interface ChatLogOptions {
  /** The element with role "log". */
  log: HTMLElement;
  /** A quick reply or a "Change" was pressed; `byKeyboard` tells where the focus should go. */
  onChoice: (text: string, byKeyboard: boolean) => void;
  onRetry: (clientActivityId: string) => void;
  onFeedback: (feedback: Feedback) => void;
  /** BCP 47, of the times; undefined: the browser's. */
  locale: string | undefined;
}

/** What the visitor thinks of one answer; kept as an event activity named `feedback`. */
export interface Feedback {
  activityId: string;
  value: 'up' | 'down';
}

const SLOW_MS = 1_000;

/** A message of the visitor on the screen. */
interface OwnMessage {
  element: HTMLElement;
  note: HTMLElement;
}

/** The conversation on the screen: messages, their states, the choices offered with them. Text only, never markup. */
export class ChatLog {
  private readonly own = new Map<string, OwnMessage>();
  private readonly thumbs = new Map<string, Record<Feedback['value'], HTMLButtonElement>>();
  private readonly lines: { speaker: string; text: string; at: Date }[] = [];
  private divider: HTMLElement | undefined;
  private openChoices: { buttons: HTMLButtonElement[] } | undefined;
  private last: { speaker: string; time: HTMLTimeElement } | undefined;
  private latest: Date | undefined;
  private preview: HTMLElement[] = [];
  /** What is added stands before it; null: at the end. */
  private before: Node | null = null;
  private readOutAgain: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: ChatLogOptions) {}

  /**
   * What the conversation will open with, to be read while the server begins it: it cannot be pressed yet, and screen
   * readers pass it over. What comes takes its place.
   */
  showPreview(activities: ChatActivity[]): void {
    const { log } = this.options;
    this.add(activities, false);
    this.preview = [...log.querySelectorAll<HTMLElement>(':scope > :not(noscript)')];
    for (const element of this.preview) element.inert = true;
    this.lines.length = 0;
    this.last = undefined;
    this.openChoices = undefined;
  }

  /**
   * Adds what is new; history is not read out by screen readers, only what comes from then on. In it a line stands
   * before what came after `seen`, the id of the newest activity of an earlier visit.
   */
  add(activities: ChatActivity[], past: boolean, seen?: string): void {
    const { log } = this.options;
    if (past) log.setAttribute('aria-live', 'off');
    const wasAtEnd = this.isAtEnd();
    this.before = this.endPreview();
    const added: HTMLElement[] = [];
    for (const activity of activities) {
      if (past && seen !== undefined) this.divideFrom(activity, seen);
      if (activity.type === 'message') added.push(...this.addMessage(activity));
      else if (activity.name === 'feedback') this.showFeedback(activity.value as Feedback);
    }
    this.before = null;
    const wanted = past ? (this.divider ?? added.at(-1)) : added[0];
    if (wanted && (past || wasAtEnd)) this.scrollTo(wanted);
    if (!past) return;
    // A while later, because readers look at the live setting when they handle the additions.
    clearTimeout(this.readOutAgain);
    this.readOutAgain = setTimeout(() => log.setAttribute('aria-live', 'polite'), 500);
  }

  /** A message that the visitor has just written, before the server knows of it. */
  addOwn(clientActivityId: string, text: string): void {
    this.endChoices(text);
    const element = this.addBubble('visitor', renderVisitorText(text), new Date(), text);
    const note = document.createElement('p');
    note.className = 'delivery';
    element.append(note);
    this.own.set(clientActivityId, { element, note });
    this.scrollDown();
  }

  /** False where it is no message on the screen. */
  showDelivery(clientActivityId: string, delivery: Delivery): boolean {
    const message = this.own.get(clientActivityId);
    if (message) this.noteDelivery(clientActivityId, message, delivery);
    return message !== undefined;
  }

  private noteDelivery(clientActivityId: string, message: OwnMessage, delivery: Delivery): void {
    const { element, note } = message;
    element.dataset.delivery = delivery;
    note.replaceChildren();
    if (delivery === 'accepted') return;
    if (delivery === 'sending') return this.noteSlowSending(message);
    const again = document.createElement('button');
    again.type = 'button';
    again.textContent = delivery === 'refused' ? TEXTS.refused : TEXTS.tryAgain;
    again.addEventListener('click', () => this.options.onRetry(clientActivityId));
    const wasAtEnd = this.isAtEnd();
    if (delivery === 'waiting') note.append(TEXTS.waiting, ' · ');
    note.append(again);
    if (wasAtEnd) this.scrollDown();
  }

  /** Most messages are taken at once; a note that flashes up and goes would only make the page jump. */
  private noteSlowSending({ element, note }: OwnMessage): void {
    setTimeout(() => {
      if (element.dataset.delivery === 'sending') note.replaceChildren(TEXTS.sending);
    }, SLOW_MS);
  }

  /** A remark of the chat itself between the messages. */
  addRemark(text: string): void {
    const remark = document.createElement('p');
    remark.className = 'remark';
    remark.dir = 'auto';
    remark.textContent = text;
    this.options.log.append(remark);
    this.last = undefined;
    this.endChoices();
    this.scrollDown();
  }

  private divideFrom({ id = '', type, from }: ChatActivity, seen: string): void {
    if (this.divider || type !== 'message' || from?.role !== 'bot' || id <= seen) return;
    this.divider = document.createElement('p');
    this.divider.className = 'remark';
    this.divider.textContent = TEXTS.newSince;
    this.options.log.insertBefore(this.divider, this.before);
    this.last = undefined;
  }

  /** The conversation as plain text, a line a message. */
  asText(): string {
    const { locale } = this.options;
    return this.lines
      .map(({ speaker, text, at }) => {
        const when = at.toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' });
        return `${when}  ${speaker} ${text}\n`;
      })
      .join('\n');
  }

  scrollDown(): void {
    this.options.log.scrollTop = this.options.log.scrollHeight;
  }

  /** The element, where it is new on the screen and shows anything. */
  private addMessage(activity: ChatActivity): HTMLElement[] {
    const text = activity.text ?? '';
    const at = activity.timestamp ? new Date(activity.timestamp) : new Date();
    if (activity.from?.role === 'bot') return this.addBotMessage(activity, text, at);
    const clientId = activity.channelData?.clientActivityID;
    if (clientId !== undefined && this.showDelivery(clientId, 'accepted')) return [];
    // Written in another tab, or before this page was loaded.
    this.endChoices(text);
    const element = this.addBubble('visitor', renderVisitorText(text), at, text);
    if (clientId !== undefined) this.own.set(clientId, { element, note: document.createElement('p') });
    return [element];
  }

  private addBotMessage(activity: ChatActivity, text: string, at: Date): HTMLElement[] {
    const actions = (activity.suggestedActions?.actions ?? []).flatMap(({ title, value }) =>
      title === undefined ? [] : [{ title, value: typeof value === 'string' ? value : title }],
    );
    const { summary, person, answering } = activity.channelData ?? {};
    if (text === '' && actions.length === 0 && !summary) return [];
    const { log } = this.options;
    const buttons: HTMLButtonElement[] = [];
    const content = summary ? [this.makeSummary(summary, buttons, text)] : renderBotText(text);
    const element = this.addBubble('bot', content, at, text, person);
    if (answering) element.classList.add('turn-taking');
    if (summary) element.classList.add('wide');
    if (activity.channelData?.answer && activity.id) {
      element.querySelector('.meta')?.append(this.makeThumbs(activity.id));
    }
    if (actions.length > 0) log.insertBefore(this.makeQuickReplies(actions, buttons), this.before);
    if (buttons.length > 0) {
      this.endChoices();
      this.openChoices = { buttons };
    }
    return [element];
  }

  private isAtEnd(): boolean {
    const { log } = this.options;
    return log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  }

  /** The newest message from its beginning: of a long answer the end would otherwise be all that is seen. */
  private scrollTo(element: HTMLElement): void {
    const { log } = this.options;
    this.scrollDown();
    const top = element.offsetTop - log.offsetTop - 16;
    if (top < log.scrollTop) log.scrollTop = top;
  }

  /** `person`: the name of whoever of the team wrote it; it stands above their messages. */
  private addBubble(
    side: 'bot' | 'visitor',
    content: Node[],
    at: Date,
    text: string,
    person?: string,
  ): HTMLElement {
    const name = person ? `${person}:` : side === 'bot' ? TEXTS.assistant : TEXTS.you;
    this.lines.push({ speaker: name, text, at });
    this.beginDay(at);
    const element = document.createElement('div');
    element.className = person ? `message ${side} person` : `message ${side}`;
    const speaker = document.createElement('span');
    speaker.className = person ? 'speaker' : 'for-readers';
    speaker.dir = 'auto';
    speaker.textContent = name;
    const bubble = document.createElement('div');
    bubble.className = 'bubble';
    bubble.dir = 'auto';
    bubble.append(...content);
    const time = document.createElement('time');
    time.dir = 'auto';
    time.dateTime = at.toISOString();
    time.textContent = at.toLocaleTimeString(this.options.locale, { hour: 'numeric', minute: '2-digit' });
    // One time under several messages of the same minute and side is enough.
    if (this.last?.speaker === name && this.last.time.textContent === time.textContent) {
      this.last.time.hidden = true;
      element.classList.add('follows');
    }
    this.last = { speaker: name, time };
    const meta = document.createElement('div');
    meta.className = 'meta';
    meta.append(time);
    element.append(speaker, bubble, meta);
    this.options.log.insertBefore(element, this.before);
    return element;
  }

  /** Returns what stands behind it, as when the visitor did not wait for the server. */
  private endPreview(): Node | null {
    const behind = this.preview.at(-1)?.nextSibling ?? null;
    for (const element of this.preview.splice(0)) element.remove();
    return behind;
  }

  /** Under what was said on an earlier day, a time alone would be taken for today's. */
  private beginDay(at: Date): void {
    const { latest = new Date() } = this;
    // A visitor's clock and ours differ a little: no day begins before the one that has begun.
    const isOtherDay = at.toDateString() !== latest.toDateString() && !(this.latest && at < latest);
    if (!this.latest || at > latest) this.latest = at;
    if (!isOtherDay) return;
    const day = document.createElement('p');
    day.className = 'remark day';
    day.textContent = at.toLocaleDateString(this.options.locale, {
      weekday: 'long',
      month: 'long',
      day: 'numeric',
    });
    this.options.log.insertBefore(day, this.before);
    this.last = undefined;
  }

  /** Below an answer, and not read out with it: whoever wants to use them comes by. */
  private makeThumbs(activityId: string): HTMLElement {
    const group = document.createElement('div');
    group.className = 'thumbs';
    group.setAttribute('aria-live', 'off');
    const make = (value: Feedback['value'], label: string): HTMLButtonElement => {
      const button = document.createElement('button');
      button.type = 'button';
      button.setAttribute('aria-label', label);
      button.title = label;
      button.setAttribute('aria-pressed', 'false');
      button.append(thumb(value));
      button.addEventListener('click', () => {
        if (button.getAttribute('aria-pressed') === 'true') return;
        this.showFeedback({ activityId, value });
        thanks.textContent = TEXTS.thanks;
        this.options.onFeedback({ activityId, value });
      });
      group.append(button);
      return button;
    };
    this.thumbs.set(activityId, { up: make('up', TEXTS.helpful), down: make('down', TEXTS.notHelpful) });
    const thanks = document.createElement('span');
    group.append(thanks);
    return group;
  }

  /** Also what another tab, or an earlier visit, has said. */
  private showFeedback({ activityId, value }: Feedback): void {
    const pair = this.thumbs.get(activityId);
    pair?.up.setAttribute('aria-pressed', String(value === 'up'));
    pair?.down.setAttribute('aria-pressed', String(value === 'down'));
  }

  private makeQuickReplies(
    actions: { title: string; value: string }[],
    buttons: HTMLButtonElement[],
  ): HTMLElement {
    const group = document.createElement('div');
    group.className = 'choices';
    group.setAttribute('role', 'group');
    group.setAttribute('aria-label', TEXTS.suggestions);
    for (const action of actions) group.append(this.makeChoice(action.title, action.value, buttons));
    return group;
  }

  private makeSummary(
    rows: NonNullable<NonNullable<ChatActivity['channelData']>['summary']>,
    buttons: HTMLButtonElement[],
    text: string,
  ): HTMLElement {
    const card = document.createElement('div');
    card.className = 'summary';
    card.setAttribute('role', 'group');
    card.setAttribute('aria-label', TEXTS.summary);
    const list = document.createElement('dl');
    for (const row of rows) {
      const line = document.createElement('div');
      const label = document.createElement('dt');
      label.textContent = row.label;
      const value = document.createElement('dd');
      value.textContent = row.value;
      line.append(label, value);
      if (row.change) line.append(this.makeChange(row.change, row.label, buttons));
      list.append(line);
    }
    // The text says the rows too, for channels without cards; here only what stands around them is left.
    const isRow = (line: string) =>
      rows.some((row) => line.replace(/^- /, '') === `${row.label}: ${row.value}`);
    const lines = text.split('\n');
    const first = Math.max(0, lines.findIndex(isRow));
    const after = lines.slice(first).filter((line) => !isRow(line));
    card.append(...renderBotText(lines.slice(0, first).join('\n')), list, ...renderBotText(after.join('\n')));
    return card;
  }

  private makeChange(
    { title, value }: { title: string; value: string },
    label: string,
    buttons: HTMLButtonElement[],
  ): HTMLElement {
    const change = this.makeChoice(title, value, buttons);
    // Beside its row the one word is enough; alone, read out, it is not.
    if (title.startsWith(TEXTS.change)) change.textContent = TEXTS.change;
    change.setAttribute('aria-label', `${title} (${label})`);
    const action = document.createElement('dd');
    action.append(change);
    return action;
  }

  private makeChoice(title: string, value: string, buttons: HTMLButtonElement[]): HTMLButtonElement {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = title;
    button.dir = 'auto';
    button.value = value;
    // A click without a pointer (`detail` 0) came from the keyboard or a screen reader.
    button.addEventListener('click', (event) => this.options.onChoice(value, event.detail === 0));
    buttons.push(button);
    return button;
  }

  /** Choices are good for one answer: afterwards they stay, disabled, and say which one it was. */
  private endChoices(chosen?: string): void {
    for (const button of this.openChoices?.buttons ?? []) {
      button.disabled = true;
      if (button.value !== chosen) continue;
      button.classList.add('chosen');
      const words = document.createElement('span');
      words.className = 'for-readers';
      // That it was said is read out already.
      words.setAttribute('aria-live', 'off');
      words.textContent = ` ${TEXTS.chosen}`;
      button.append(words);
    }
    this.openChoices = undefined;
  }
}

function thumb(value: Feedback['value']): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', value);
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute(
    'd',
    'M7 11v9H4v-9zM7 11l4-8c1.7 0 2.6 1.2 2.3 2.8L12.6 9H18a2 2 0 0 1 2 2.3l-1 7a2 2 0 0 1-2 1.7H7',
  );
  svg.append(path);
  return svg;
}
