import type { GraphRefusal } from './graph';

/** What the program does about a refusal of Meta's (messenger.md D.3). */
export type Remedy =
  /** It will pass: later, with back-off. */
  | { do: 'retry' }
  /** Once more after a while, then never. */
  | { do: 'retry-once' }
  /** Meta says that it failed, and has delivered it all the same. */
  | { do: 'count-as-sent' }
  /** This message cannot be delivered. */
  | { do: 'drop' }
  /** The window of 24 hours is closed: staff reach the person in another way. */
  | { do: 'window-closed' }
  /** This person cannot be reached before they write again. */
  | { do: 'stop-person' }
  /** Another app has the conversation: be silent. */
  | { do: 'stand-by' }
  /** Retried slowly, and the owner is told. */
  | { do: 'slow-down'; note: Note }
  /** Only this message fails, but the owner must know why. */
  | { do: 'drop-and-tell'; note: Note }
  /** Nothing can be sent before the owner has mended this. */
  | { do: 'stop-all'; note: Note };

export interface Note {
  name: string;
  text: string;
}

const TOKEN: Note = {
  name: 'token',
  text: 'Meta refuses the page token: it has expired or was withdrawn. Make a new one in the app dashboard and set MESSENGER_PAGE_TOKEN.',
};
const PERMISSION: Note = {
  name: 'permission',
  text: 'Meta refuses to send: the app is not live or pages_messaging is not approved. Until then only people with a role on the app can be answered; ask for Advanced Access in App Review.',
};
const RESTRICTED: Note = {
  name: 'restricted',
  text: 'Meta has restricted the page from sending. See Page Quality in Meta Business Suite, and ask for a review there.',
};
const BOTHERSOME: Note = {
  name: 'bothersome',
  text: 'Meta warns that people report the page’s messages as bothersome; sending has been slowed down.',
};

const EUROPE: Note = {
  name: 'eu-rules',
  text: 'Meta did not take a message under its European privacy rules. If it happens again, see what is limited for pages in Europe in Meta’s developer documentation; texts and quick replies are not.',
};

/** Notes that a message that does arrive proves to be over. */
export const OVER_ONCE_SENT = [TOKEN.name, PERMISSION.name, RESTRICTED.name, BOTHERSOME.name, EUROPE.name];

const BY_SUBCODE: Readonly<Record<number, Remedy>> = {
  1357046: { do: 'count-as-sent' },
  2018278: { do: 'window-closed' },
  2534022: { do: 'window-closed' },
  2018065: { do: 'window-closed' },
  2018108: { do: 'stop-person' },
  1545041: { do: 'stop-person' },
  1893063: { do: 'stop-all', note: RESTRICTED },
  2018336: { do: 'drop-and-tell', note: EUROPE },
  2018001: { do: 'drop' },
  2018008: { do: 'drop' },
  2018047: { do: 'drop' },
  2018109: { do: 'drop' },
  2018294: { do: 'drop' },
  2018014: { do: 'drop' },
  2018028: { do: 'drop-and-tell', note: PERMISSION },
  2018338: { do: 'slow-down', note: BOTHERSOME },
  2018300: { do: 'stand-by' },
  2018321: { do: 'retry-once' },
  // About profiles, which are never asked for.
  2018218: { do: 'drop' },
  2018247: { do: 'drop' },
  2534040: { do: 'retry' },
};

const BY_CODE: Readonly<Record<number, Remedy>> = {
  1: { do: 'retry' },
  2: { do: 'retry' },
  4: { do: 'retry' },
  17: { do: 'retry' },
  32: { do: 'retry' },
  613: { do: 'retry' },
  80006: { do: 'retry' },
  551: { do: 'stop-person' },
  190: { do: 'stop-all', note: TOKEN },
  10: { do: 'stop-all', note: PERMISSION },
  200: { do: 'stop-all', note: PERMISSION },
};

/** The subcode says more than the code, and both more than the HTTP status. Unknown refusals are final. */
export function remedyFor({ status, code, subcode }: GraphRefusal): Remedy {
  const known = BY_SUBCODE[subcode];
  if (known) return known;
  // 10 and 200 with a subcode that is not in the sheet are about one message, not about the page.
  const general = subcode !== 0 && (code === 10 || code === 200) ? undefined : BY_CODE[code];
  if (general) return general;
  return status === 429 || status >= 500 ? { do: 'retry' } : { do: 'drop' };
}
