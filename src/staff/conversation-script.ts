import { DateTime } from 'luxon';
import type { ConversationReading, TranscriptLine } from './ports';

/** Who stands for every visitor in a test: nobody has these. */
const STAND_IN = {
  name: 'Ann Lee',
  phone: '410-555-0134',
  spoken: '(410) 555-0134',
  email: 'ann@example.com',
};

const EMAIL = /[^\s@<>()[\],;:"]{1,64}@[^\s@<>()[\],;:"]{1,255}/g;
const PHONE = /\+?\(?\d(?:[\s().\-/]{0,3}\d){6,18}/g;
const LINK = /https?:\/\/\S+/g;

/**
 * A conversation as a script of tests/conversations (`*.chat.txt`), to be pasted there once what the bot said is
 * right. Names, telephone numbers and addresses are somebody else's; references and links are left open (`...`).
 * A name that a visitor wrote outside of a booking cannot be told from other words: the first lines say so.
 */
export function conversationScript(
  conversation: ConversationReading,
  parts: { zone: string; asksName: string },
): string {
  const messages = conversation.lines.filter(({ type, text }) => type === 'message' && text);
  const first = messages[0];
  if (first === undefined) return '';
  const replace = replacer(conversation, namesIn(conversation, messages, parts.asksName));
  const lines = messages.flatMap((line, index) => linesOf(line, messages[index - 1], messages[index + 1]));
  return [
    '// Saved from the staff console. Names, numbers and addresses are replaced where they could be told;',
    '// read it through for others before it is kept, and mend what the bot should have said.',
    '',
    `# ${replace(oneLine(conversation.firstText ?? 'A conversation'), 'user')}`,
    `clock: ${DateTime.fromISO(first.at, { zone: parts.zone }).toFormat("yyyy-MM-dd'T'HH:mm")}`,
    ...(first.role === 'bot' ? ['visitor opens the chat'] : []),
    ...lines,
    '',
  ].join('\n');

  function linesOf(
    line: TranscriptLine,
    before: TranscriptLine | undefined,
    after: TranscriptLine | undefined,
  ): string[] {
    const text = replace(line.text ?? '', line.role);
    if (line.role === 'user') {
      const isTap = before?.offered.includes(line.text ?? '') ?? false;
      return [`${isTap ? 'visitor taps' : 'visitor'}: ${oneLine(text)}`];
    }
    const [start = '', ...rest] = text
      .split('\n')
      .flatMap((part) => (part.trim() === '' ? [] : [part.trim()]));
    const isLast = after?.role !== 'bot';
    return [
      `bot: ${start}`,
      ...rest.map((part) => `     ${part}`),
      ...(isLast && line.offered.length > 0 ? [`buttons: ${line.offered.map(oneLine).join(' | ')}`] : []),
    ];
  }
}

/** Of the requests, and what was typed where a name was asked for. */
function namesIn({ requests }: ConversationReading, messages: TranscriptLine[], asksName: string): string[] {
  const typed = messages.flatMap((line, index) => {
    const before = messages[index - 1];
    const isName =
      line.role === 'user' &&
      line.decision?.step !== 'answer-then-reprompt' &&
      before?.role === 'bot' &&
      (before.text ?? '').includes(asksName) &&
      !before.offered.includes(line.text ?? '');
    return isName ? [oneLine(line.text ?? '')] : [];
  });
  return [...requests.map(({ name }) => oneLine(name)), ...typed].filter((name) => name.length > 1);
}

function replacer(
  { requests }: ConversationReading,
  names: string[],
): (text: string, role: TranscriptLine['role']) => string {
  const [given, family] = STAND_IN.name.split(' ');
  // Whole names before their parts, so that a part does not break the whole.
  const wanted = new Map<string, string>();
  for (const name of names) wanted.set(name.toLowerCase(), STAND_IN.name);
  for (const name of names)
    name
      .split(' ')
      .filter((part) => part.length > 1)
      .forEach((part, index) => {
        const key = part.toLowerCase();
        if (!wanted.has(key)) wanted.set(key, (index === 0 ? given : family) ?? STAND_IN.name);
      });
  const pattern =
    wanted.size > 0
      ? new RegExp(
          `(?<![\\p{L}\\p{N}])(?:${[...wanted.keys()].map(escaped).join('|')})(?![\\p{L}\\p{N}])`,
          'giu',
        )
      : undefined;
  return (text, role) => {
    const open = requests.reduce((left, { reference }) => left.replaceAll(reference, '...'), text);
    const plain = (role === 'bot' ? open.replace(LINK, '...') : open)
      .replace(EMAIL, STAND_IN.email)
      .replace(PHONE, role === 'bot' ? STAND_IN.spoken : STAND_IN.phone);
    return pattern === undefined
      ? plain
      : plain.replace(pattern, (name) => wanted.get(name.toLowerCase()) ?? STAND_IN.name);
  };
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+');
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
