import { plainWords } from './plain-words';

/** Asks the automated assistant to go on where a person of the team has answered. */
export function asksForBot(text: string): boolean {
  return /^(?:(?:please )?(?:back to|talk to|ask|use|get|i want) )?(?:the )?(?:chat)?(?:bot|(?:automated |virtual )?assistant)(?: back)?(?: please)?$/u.test(
    plainWords(text),
  );
}

/** Emoji of approval and thanks; Messenger's thumbs-up sticker arrives as the first of them. */
const KIND = /^(?:(?:👍|👌|🙏|❤|♥|💙|💚|🧡|💛|💜|🙂|😀|😃|😄|😊|😍|🥰|🎉|👏|💪|🤝)\p{EMod}?\u{fe0f}?\s*)+$/u;

/** A message of nothing but friendly emoji is a thank-you, and is to be answered like one; else undefined. */
export function kindWord(text: string): string | undefined {
  return KIND.test(text) ? 'thank you' : undefined;
}
