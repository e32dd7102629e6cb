/** What the chat page itself says, by name: the sentences under `widget:` of the clinic's wording.yaml. */
const TEXT_NAMES = [
  'forgotten',
  'forgetFailed',
  'startAgain',
  'keptUntil',
  'notKept',
  'you',
  'assistant',
  'suggestions',
  'chosen',
  'summary',
  'change',
  'sending',
  'waiting',
  'refused',
  'tryAgain',
  'connecting',
  'reconnecting',
  'offline',
  'unavailable',
  'startedOver',
  'charactersLeft',
  'charactersOver',
  'noFiles',
  'helpful',
  'notHelpful',
  'thanks',
  'newSince',
] as const;

type TextName = (typeof TEXT_NAMES)[number];

/** As the page brought them; a missing one shows its name, so that it is noticed. */
export const TEXTS = readTexts();

/** Puts a value where the sentence has its `{place}`. */
export function fill(sentence: string, places: Record<string, string | number>): string {
  return sentence.replace(/\{(\w+)\}/g, (place, name: string) => String(places[name] ?? place));
}

function readTexts(): Record<TextName, string> {
  const given = JSON.parse(document.body.dataset.texts ?? '{}') as Partial<Record<TextName, string>>;
  return Object.fromEntries(TEXT_NAMES.map((name) => [name, given[name] ?? name])) as Record<
    TextName,
    string
  >;
}
