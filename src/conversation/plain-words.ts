import { bareWords } from '../booking/bare-words';

/**
 * The message as bare lower-case words, without the politeness around a command: "Please cancel, thanks!" is
 * `cancel`. For comparing with short fixed phrases; answers have their own reading.
 */
export function plainWords(text: string): string {
  const words = bareWords(text.slice(0, 200)).split(' ');
  while (words.length > 1 && POLITE.has(words[0] ?? '')) words.shift();
  while (words.length > 1 && POLITE.has(words.at(-1) ?? '')) words.pop();
  return words.join(' ');
}

const POLITE = new Set([
  'please',
  'pls',
  'plz',
  'ok',
  'okay',
  'thanks',
  'thank',
  'hey',
  'hi',
  'hello',
  'just',
  'so',
  'well',
  'sorry',
]);
