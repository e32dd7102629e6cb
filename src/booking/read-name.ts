import { COMMON_WORDS } from '../answers/common-words';

export type NameReading = { ok: true; name: string } | { ok: false; problem: NameProblem };

/** `digits`: a number rather than a name. `sentence`: a question, a request, a yes or no. */
export type NameProblem = 'blank' | 'digits' | 'sentence' | 'too-long';

/** Longer is no name people are called by; the longest on record in the US census files has 62. */
const LONGEST = 100;
const MOST_WORDS = 8;

/**
 * The name in a reply to "what is your name": what introduces it and what thanks after it are left off, the name
 * itself is kept sign by sign, in any script. Never throws.
 */
export function readName(text: string): NameReading {
  const name = withoutThanks(withoutLeadIn(printable(text).replace(SPELLED, ' ').trim()));
  if (!/[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(name)) return { ok: false, problem: 'blank' };
  if (name.length > LONGEST) return { ok: false, problem: 'too-long' };
  if ((name.match(/\p{Nd}/gu) ?? []).length > 2) return { ok: false, problem: 'digits' };
  if (isSentence(name)) return { ok: false, problem: 'sentence' };
  return { ok: true, name };
}

/**
 * A name that a longer message gives on the side: "I'm Ann Lee and I'd like ...", "my name is ann". Undefined where
 * none is introduced: "I'm losing my hair" names nobody. `besideContact`: the message gives a number or an address too.
 */
export function introducedName(
  text: string,
  besideContact = false,
): { name: string; at: [start: number, end: number] } | undefined {
  for (const found of [INTRODUCED.exec(text), CAPITALISED.exec(text), inSmallLetters(text, besideContact)]) {
    const words = found?.[1]?.split(/\s+/) ?? [];
    const end = words.findIndex(
      (word, at) =>
        !(at > 0 && ALSO_NAMES.test(word)) && NOT_IN_NAMES.has(word.toLowerCase().replace(/['’]/g, '')),
    );
    const name = withoutThanks((end < 0 ? words : words.slice(0, end)).join(' '));
    if (found && name && readName(name).ok) return { name, at: [found.index, found.index + found[0].length] };
  }
  return undefined;
}

/**
 * "hi i'm ann lee, 410 ...": two or three words in small letters up to the end of a sentence, none of them common and
 * none that sounds like a state: "i'm severely allergic" is no name. Beside a number or an
 * address a family name may be a common word: "i'm marcus bell 443 ...".
 */
function inSmallLetters(text: string, besideContact: boolean): RegExpExecArray | undefined {
  const found = SMALL_LETTERS.exec(text);
  const words = found?.[1]?.toLowerCase().split(' ') ?? [];
  const isName = words.every(
    (word, at) =>
      !NOT_IN_NAMES.has(word) &&
      !(COMMON_WORDS.has(word) && !(besideContact && at > 0)) &&
      !(word.length > 4 && A_STATE.test(word)),
  );
  return found && isName ? found : undefined;
}

/** "Smythe, spelled S M Y T H E": for the ear only. */
export const SPELLED =
  /,?\s+(?:(?:it['’]?s |that['’]?s )?spell(?:ed|t)|that['’]?s)\s+(?:\p{L}[\s.-]{1,3}){2,15}\p{L}(?![\p{L}'’])/giu;

/** One word of a name: letters of any script with the signs that names have inside. */
const WORD = "[\\p{L}\\p{M}][\\p{L}\\p{M}'’.-]{0,40}";
/** "My name is" in five other languages, in which a booking may be answered. */
const ELSEWHERE =
  "me llamo|mi nombre es|ich hei(?:ß|ss)e|mein name ist|je m['’]appelle|mon nom est|mi chiamo|(?:il )?mio nome [eè]|(?:o )?meu nome [eé]|(?:eu )?me chamo|chamo[- ]me";
const INTRODUCED = new RegExp(
  `(?:\\b(?:my|the|full|first) name(?:['’]?s| is| should be| has to be| must be|:)?(?: spelled| spelt| really| actually)?|\\bname ?[:=]|(?:^|[,;.] ?|and )n(?:ame|mae|aem) is|(?<!\\b(?:his|her|their) )\\bname['’]s|\\bcall me|\\b(?:${ELSEWHERE}))\\s{1,3}(${WORD}(?:[ ]${WORD}){0,4})`,
  'iu',
);
const CAPITAL = "(?:\\p{Lu}|\\p{Lo})[\\p{L}\\p{M}'’.-]{0,40}";
const CAPITALISED = new RegExp(
  `(?:^|[^\\p{L}])(?:[Ii]['’]?m|[Ii] am|[Tt]his is|[Ii]t['’]?s|[Ii]t is|[Ss]oy|[Ss]ono)\\s{1,3}(${CAPITAL}(?: (?:(?:de|da|del|van|von|der|la|bin|al) ){0,2}${CAPITAL}){0,4})`,
  'u',
);

const SMALL_LETTERS =
  /(?:^|[,.;!?\n]\s{0,3}|^(?:hi|hello|hey|yes|ok|okay|sure|hi there|and)[\s,.!]{1,3})(?:i['’]?m|i am|this is|soy)\s{1,3}(\p{Ll}[\p{L}\p{M}'’-]{1,40}(?: \p{Ll}[\p{L}\p{M}'’-]{1,40}){1,2})(?=\s{0,3}(?:[,;.!:\n]|$|and\b|my\b|\+?[\d(]))/iu;
const A_STATE =
  /(?:ic|ed|ing|ly|ous|ive|able|ible|al|ful|less|ent|ant|ish|ian|ness|itis|osis|oma|emia|pathy|gic|ers)$/;

/** With a capital these end many names: Nguyen Van An. */
const ALSO_NAMES = /^(?:An|So|My|In)$/;

/** Words after which a name is over, or that begin no name: "I'm Interested", "my name is ann and ...". */
const NOT_IN_NAMES = new Set(
  (
    "a an the and but my i im i'm at on in for from with to of or so is are was not no yes just also here looking interested losing " +
    'going bald balding thinking trying wondering calling writing about male female american black white asian hispanic ' +
    'latino indian ready sorry sure afraid scared nervous new available free back done email phone number cell mobile ' +
    'reach please thanks wrong right fine ok okay good great monday tuesday wednesday thursday friday saturday sunday ' +
    'tomorrow today next this asking considering planning hoping wanting getting having thats that spelled curious worried concerned hiv aids post pre op type stage norwood on off blood'
  ).split(' '),
);

const GREETING =
  /^(?:hi|hello|hey|hola|hallo|bonjour|ciao|ol[aá]|good (?:morning|afternoon|evening))(?: there)?[\s,.!]{1,4}(?=\S)/i;
const HESITATION =
  /^(?:yes|yeah|sure|ok|okay|well|um|uh|sorry|no|nope|oh|oops|wait|actually|of course)(?:[,.!:;-]\s*|\s+(?=(?:my name|it['’]?s|i['’]?m|i am|it is|this is|call me|i meant)\b))(?=\S)/i;
const LEAD_IN = new RegExp(
  `^(?:(?:and )?(?:my|the|full) (?:full |first |last |real )?name(?:['’]?s| is| should be| has to be| must be|:)?(?: actually)?|(?:my )?n(?:ame|mae|aem) ?(?:['’]?s|is|:|=)|i am|i['’]?m|it['’]?s|it is|it should be|this is|that['’]?s|(?:you can |please |just )?call me|i meant|make it|(?:please )?put (?:down )?|${ELSEWHERE}|soy|sono|ich bin|je suis|(?:eu )?sou(?: [oa])?)(?:\\s*[:=-]\\s*|\\s+)(?=\\S)`,
  'i',
);

/** "It's me, Karen" */
const ITS_ME = /^\s*[Ii]t['’]?s (?:only |just )?me[,!. ]+(?=\p{Lu})/u;

/** "my husband Tom Lee": the name is Tom Lee. */
const RELATION =
  /^my (?:husband|wife|partner|boyfriend|girlfriend|brother|sister|son|daughter|dad|father|mom|mum|mother|friend|fianc[eé]e?) (?=\p{Lu})/u;

function withoutLeadIn(text: string): string {
  let name = text.replace(ITS_ME, '');
  for (let round = 0; round < 3; round++) name = name.replace(GREETING, '').replace(HESITATION, '');
  return name.replace(LEAD_IN, '').replace(RELATION, '');
}

function withoutThanks(text: string): string {
  const name = text
    .replace(/[\s,.]{0,3}\b(?:please|thanks|thank you|speaking|here)[\s.!]{0,4}$/i, '')
    .replace(
      /[\s,]{1,3}(?:spelled |spelt )?with(?:out)? (?:an? |no |two |one )?['"]?\p{L}{1,2}['"]?s?[\s.!]{0,3}$/iu,
      '',
    )
    .replace(/[\s,;:!]{1,9}$/, '');
  return /(?:\b\p{L}|\b(?:jr|sr|dr|esq|ph\.?d|m\.?d))\.$/iu.test(name) ? name : name.replace(/\.{1,3}$/, '');
}

const SENTENCES =
  /^(?:(?:i|we|you|he|she|they)['’](?:ll|ve|re)\b|(?:you|he|she|they) (?:can|could|may|will|should|is|are)\b|(?:i|we) (?:want|need|would|have|do|don['’]?t|can|can['’]?t|am|was|will|think|just|already)\b|i['’]d |can |could |what|how |why|when |where |do you|does |is (?:it|this|there|that)|are |please |tell |not |none|nothing|anonymous$|(?:and |also )*(?:add|mention|note) (?:that|a )|(?:his|her|their) (?:full )?name\b)/i;
const NO_NAMES = new Set(
  'yes no yeah yep yup nope nah ok okay sure skip back hi hello hey help cancel stop thanks maybe idk later later why next continue done'.split(
    ' ',
  ),
);

function isSentence(name: string): boolean {
  return (
    /[?@]|https?:|www\./i.test(name) ||
    SENTENCES.test(name) ||
    NO_NAMES.has(name.toLowerCase()) ||
    name.split(/\s+/).length > MOST_WORDS
  );
}

/** Line breaks and other control signs become one space; everything else stays as typed. */
function printable(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}
