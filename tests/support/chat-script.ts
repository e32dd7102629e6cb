/**
 * Conversations written to be read, in files `tests/conversations/*.chat.txt`:
 *
 *     # The title of one conversation
 *     clock: 2026-03-02T10:00          the clinic's local time; Monday at ten unless told
 *     visitor opens the chat
 *     visitor: what they type
 *     visitor taps: the title of a button under the last message
 *     bot: what one message of the bot says; ... stands for anything; lines that are
 *          set in must come in it too, in this order
 *     bot does not say: words that none of its messages may have
 *     buttons: Yes | No                some of the buttons under the last message
 *     no buttons
 *     staff get: name Ann Lee; phone +14105550134
 *     staff get nothing
 *
 * Every message of the bot has its line: what is not written may not be said.
 */
export interface ChatScript {
  title: string;
  file: string;
  line: number;
  steps: ChatStep[];
}

export type ChatStep = { line: number } & (
  | { do: 'clock'; at: string }
  | { do: 'open' }
  | { do: 'say'; text: string }
  | { do: 'tap'; title: string }
  | { do: 'bot'; pieces: string[] }
  | { do: 'unsaid'; words: string }
  | { do: 'buttons'; titles: string[] }
  | { do: 'staff'; fields: string[] }
);

/** @throws Error naming file and line of what is not of the form above. */
export function readChatScripts(file: string, text: string): ChatScript[] {
  const scripts: ChatScript[] = [];
  for (const [index, whole] of text.split('\n').entries()) {
    const line = index + 1;
    const fail = (): never => {
      throw new Error(`${file}:${line} is no line of a conversation: ${whole}`);
    };
    if (whole.trim() === '' || whole.startsWith('//')) continue;
    if (whole.startsWith('# ')) {
      scripts.push({ title: whole.slice(2).trim(), file, line, steps: [] });
      continue;
    }
    const script = scripts.at(-1) ?? fail();
    const last = script.steps.at(-1);
    if (/^\s/.test(whole) && last?.do === 'bot') {
      last.pieces.push(...piecesOf(whole));
    } else {
      script.steps.push({ line, ...(stepOf(whole.trim()) ?? fail()) });
    }
  }
  return scripts;
}

type StepAlone = ChatStep extends infer Step ? (Step extends ChatStep ? Omit<Step, 'line'> : never) : never;

function stepOf(line: string): StepAlone | undefined {
  if (line === 'visitor opens the chat') return { do: 'open' };
  if (line === 'no buttons') return { do: 'buttons', titles: [] };
  if (line === 'staff get nothing') return { do: 'staff', fields: [] };
  const [, word, rest = ''] =
    /^(clock|visitor|visitor taps|bot|bot does not say|buttons|staff get): (.*)$/.exec(line) ?? [];
  switch (word) {
    case 'clock':
      return { do: 'clock', at: rest };
    case 'visitor':
      return { do: 'say', text: rest };
    case 'visitor taps':
      return { do: 'tap', title: rest };
    case 'bot':
      return { do: 'bot', pieces: piecesOf(rest) };
    case 'bot does not say':
      return { do: 'unsaid', words: rest };
    case 'buttons':
      return { do: 'buttons', titles: rest.split(' | ') };
    case 'staff get':
      return { do: 'staff', fields: rest.split('; ') };
    default:
      return undefined;
  }
}

function piecesOf(text: string): string[] {
  return text
    .split('...')
    .map(plain)
    .filter((piece) => piece !== '');
}

/** Line breaks and runs of spaces do not count. */
export function plain(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Whether a message says all the pieces, in their order. */
export function says(message: string, pieces: string[]): boolean {
  let from = 0;
  for (const piece of pieces) {
    const at = plain(message).indexOf(piece, from);
    if (at < 0) return false;
    from = at + piece.length;
  }
  return true;
}
