import { recall, remember } from './page-memory';

/** When the visitor has last opened the chat or put the greeting away. */
const ANSWERED = 'enquiry-bot-greeted';
/** Nobody is asked again sooner: a month, as long as a conversation is kept. */
const PAUSE_MS = 30 * 24 * 3600_000;

/**
 * A sentence beside the button, once a page view, until the visitor has opened the chat or put it away; only then is
 * that kept, in the page's own storage, and there is no greeting for 30 days.
 */
export function createGreeting(options: {
  root: ShadowRoot;
  text: string;
  closeLabel: string;
  afterMs: number;
  onOpen: () => void;
}): { answered: () => void; remove: () => void } {
  const nothing = (): void => undefined;
  const answeredAt = Number(recall('local', ANSWERED) ?? 0);
  if (Date.now() - answeredAt < PAUSE_MS) return { answered: nothing, remove: nothing };
  const bubble = document.createElement('div');
  bubble.className = 'greeting';
  bubble.hidden = true;
  const words = button(options.text);
  const away = button('\u00d7');
  away.setAttribute('aria-label', options.closeLabel);
  words.addEventListener('click', options.onOpen);
  away.addEventListener('click', answered);
  bubble.append(words, away);
  options.root.append(bubble);
  const timer = setTimeout(() => (bubble.hidden = false), options.afterMs);

  function remove(): void {
    clearTimeout(timer);
    bubble.remove();
  }

  function answered(): void {
    remove();
    remember('local', ANSWERED, String(Date.now()));
  }

  return { answered, remove };
}

function button(text: string): HTMLButtonElement {
  const element = document.createElement('button');
  element.type = 'button';
  element.textContent = text;
  return element;
}
