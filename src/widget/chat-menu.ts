import { renderBotText } from './message-text';
import { fill, TEXTS } from './texts';

export interface ChatMenuOptions {
  /** Until when the conversation can be come back to (ISO 8601); undefined: it ends with the page. */
  keptUntil: () => string | undefined;
  /** The conversation as plain text. */
  transcript: () => string;
  /** Resolves to what the clinic says to it; rejects where it could not be done. */
  forget: () => Promise<string>;
  /** BCP 47; undefined: the browser's. */
  locale: string | undefined;
}

/** The elements of the page that this file is about; the page's own words stand in them already. */
export interface ChatMenuElements {
  button: HTMLButtonElement;
  items: HTMLElement;
  download: HTMLButtonElement;
  print: HTMLButtonElement;
  forget: HTMLButtonElement;
  kept: HTMLElement;
  dialog: HTMLDialogElement;
  main: HTMLElement;
}

/** "More": the chat as a file or on paper, until when it is kept, and the way to be forgotten. */
export function createChatMenu(page: ChatMenuElements, options: ChatMenuOptions): { close: () => boolean } {
  page.button.hidden = false;
  page.button.addEventListener('click', () => (page.items.hidden ? open() : close()));
  page.download.addEventListener('click', () => {
    close();
    download(options.transcript());
  });
  page.print.addEventListener('click', () => {
    close();
    window.print();
  });
  page.forget.addEventListener('click', () => {
    close();
    page.dialog.showModal();
  });
  page.dialog.addEventListener('close', () => {
    if (page.dialog.returnValue === 'forget') void forget();
    page.dialog.returnValue = '';
  });
  document.addEventListener('click', (event) => {
    if (event.target instanceof Node && !page.items.parentElement?.contains(event.target)) close();
  });

  function open(): void {
    page.kept.textContent = keptText();
    page.items.hidden = false;
    page.button.setAttribute('aria-expanded', 'true');
  }

  /** False where it was closed already. */
  function close(): boolean {
    if (page.items.hidden) return false;
    const hadFocus = page.items.contains(document.activeElement);
    page.items.hidden = true;
    page.button.setAttribute('aria-expanded', 'false');
    if (hadFocus) page.button.focus();
    return true;
  }

  function keptText(): string {
    const until = options.keptUntil();
    if (until === undefined) return TEXTS.notKept;
    const date = new Date(until).toLocaleDateString(options.locale, { dateStyle: 'long' });
    return fill(TEXTS.keptUntil, { date });
  }

  async function forget(): Promise<void> {
    const words = document.createElement('div');
    words.setAttribute('role', 'status');
    let answer: string;
    try {
      answer = await options.forget();
    } catch {
      words.className = 'remark';
      words.textContent = TEXTS.forgetFailed;
      page.main.prepend(words);
      return;
    }
    words.replaceChildren(...renderBotText(`${answer}\n\n${TEXTS.forgotten}`));
    const again = document.createElement('button');
    again.type = 'button';
    again.textContent = TEXTS.startAgain;
    again.addEventListener('click', () => location.reload());
    page.main.className = 'over';
    page.main.replaceChildren(words, again);
    page.button.hidden = true;
    again.focus();
  }

  return { close };
}

function download(text: string): void {
  const link = document.createElement('a');
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  link.href = address;
  link.download = `chat-${new Date().toISOString().slice(0, 10)}.txt`;
  link.click();
  // Once the browser has taken it over; revoked at once, some give an empty file.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
