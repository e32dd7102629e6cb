/** The same questions, harder to understand: how visitors type on a phone, and how they tell a story around a question. */

/** One word in four of more than three letters gets one typing mistake: a neighbouring key, a letter lost, doubled or swapped. */
export function withTypos(text: string, random: () => number): string {
  return text.replace(/\p{L}{4,}/gu, (word) => (random() < 0.25 ? mistype(word, random) : word));
}

/** The question in the middle of two sentences that ask nothing. */
export function inChatter(text: string, random: () => number): string {
  return `${pick(BEFORE, random)} ${text.replace(/([^.?!])$/, '$1.')} ${pick(AFTER, random)}`;
}

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const KEYBOARD = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'];

function mistype(word: string, random: () => number): string {
  const at = Math.floor(random() * (word.length - 1));
  const [before, letter, after] = [word.slice(0, at), word.charAt(at), word.slice(at + 1)];
  const slips = [
    () => before + neighbourKey(letter, random) + after,
    () => before + after,
    () => before + letter + letter + after,
    () => before + after.charAt(0) + letter + after.slice(1),
  ];
  return pick(slips, random)();
}

function neighbourKey(letter: string, random: () => number): string {
  const row = KEYBOARD.find((keys) => keys.includes(letter.toLowerCase()));
  if (row === undefined) return letter;
  const at = row.indexOf(letter.toLowerCase());
  return pick(
    [row.charAt(at - 1), row.charAt(at + 1)].filter((key) => key !== ''),
    random,
  );
}

function pick<T>(choices: readonly T[], random: () => number): T {
  return choices[Math.floor(random() * choices.length)]!;
}

const BEFORE = [
  'Hey, hope you are having a good week so far.',
  'I have been reading your page for the last half hour.',
  'A guy at work would not stop talking about you.',
  'So I finally decided to write to you.',
  'Sorry for bothering you on a Sunday.',
  'My sister sent me your link yesterday.',
  'I was not sure who else to turn to.',
  'Been thinking about this since the winter.',
  'Not sure this is the right place, but here goes.',
  'Good evening everybody.',
];

const AFTER = [
  'Would love to hear back, no rush at all.',
  'Thanks so much for your patience with me.',
  'I am on the bus right now, so I may be slow to reply.',
  'Anyway, that is what has been on my mind.',
  'My friend is curious as well.',
  'Have a lovely day.',
  'Let me know when you have a moment.',
  'I appreciate any help I can get.',
  'Sorry if this was asked before.',
  'Cheers from the other side of town.',
];
