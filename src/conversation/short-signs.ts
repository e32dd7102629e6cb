import { plainWords } from './plain-words';

/** Asks the automated assistant to go on where a person of the team has answered. */
export function asksForBot(text: string): boolean {
  return /^(?:(?:please )?(?:back to|talk to|ask|use|get|i want) )?(?:the )?(?:chat)?(?:bot|(?:automated |virtual )?assistant)(?: back)?(?: please)?$/u.test(
    plainWords(text),
  );
}

/** Emoji of approval and thanks; Messenger's thumbs-up sticker arrives as the first of them. */
const KIND = /^(?:(?:👍|👌|🙏|❤|♥|💙|💚|🧡|💛|💜|🙂|😀|😃|😄|😊|😍|🥰|🎉|👏|💪|🤝)\p{EMod}?\u{fe0f}?\s*)+$/u;

const SAD = /^(?:(?:😢|😭|😞|😔|😟|🙁|☹|😣|😩|😫|💔|🥺)\p{EMod}?\u{fe0f}?\s*)+$/u;

const WAVE = /^(?:👋\p{EMod}?\s*)+$/u;

/** A message of nothing but friendly emoji is a thank-you, a wave a greeting, one of sad ones tells how it feels: the words for it; else undefined. */
export function wordsForSigns(text: string): string | undefined {
  if (WAVE.test(text)) return 'hello';
  if (SAD.test(text)) return 'i feel really down';
  return KIND.test(text) ? 'thank you' : undefined;
}
