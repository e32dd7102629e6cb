import { FOREIGN_DAYS } from './foreign-days';
import { HOUR_WORDS, ORDINAL_WORDS } from './number-words';

/**
 * A day or time as typed, in one plain form: lower case, no accents' variants, common slips and short forms spelled out,
 * the Spanish that visitors mix in turned to English. For reading only; what was typed is kept elsewhere.
 * At most 100 characters should come in: the cost is linear in text times rules.
 */
export function plainWhen(typed: string): string {
  let words = typed
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[’‘`´]/g, "'")
    .replace(/\s+/g, ' ')
    .trim();
  for (const [pattern, plain] of RULES) words = words.replace(pattern, plain);
  // The foreign words are told by their letters alone, since not everybody types the accents.
  words = words.normalize('NFD').replace(/\p{M}+/gu, '');
  for (const [pattern, plain] of FOREIGN_DAYS) words = words.replace(pattern, plain);
  return words
    .replace(ORDINAL_WORD, (_, tens: string | undefined, unit: string) => `the ${ordinalOf(tens, unit)}th`)
    .replace(CLOCK_WORD, (_, part: string, hour: string) => clockOf(part, hour));
}

/** "the eleventh", "the twenty third"; not "the first available", "the second week". */
const ORDINAL_WORD = new RegExp(
  `\\bthe (?:(twenty|thirty)[ -])?(${ORDINAL_WORDS.slice(1).join('|')}|thirtieth)\\b(?! (?:available|free|open|opening|one|week|weekend|half|session|visit|time|slot|appointment|of next|option|floor|place|person|name|question|answer|picture|of (?!jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|next|this|the)|monday|tuesday|wednesday|thursday|friday|saturday|sunday))`,
  'g',
);

function ordinalOf(tens: string | undefined, unit: string): number {
  if (unit === 'thirtieth') return 30;
  return ORDINAL_WORDS.indexOf(unit) + (tens === 'twenty' ? 20 : tens === 'thirty' ? 30 : 0);
}

const CLOCK_WORD = new RegExp(
  `\\b(half past|quarter past|quarter to|quarter of) (\\d{1,2}|${HOUR_WORDS.join('|')})\\b(?! ?:)`,
  'g',
);

function clockOf(part: string, word: string): string {
  const hour = HOUR_WORDS.includes(word) ? HOUR_WORDS.indexOf(word) + 1 : Number(word);
  if (part === 'half past') return `at ${hour}:30`;
  if (part === 'quarter past') return `at ${hour}:15`;
  return `at ${hour === 1 ? 12 : hour - 1}:45`;
}

/** In order: longer phrases before the words they hold. */
const RULES: [RegExp, string][] = [
  [/(^| )4 (?=(?:sat|sun|mon|tue|wed|thu|fri)[a-z]*\b)/g, '$1for '],
  [/\bmake it (?=\d)/g, 'at '],
  [/\b(?:do|have|come) (?=\d{1,2}(?::\d\d)? (?:instead|rather)\b)/g, 'at '],
  [
    /\bhalf (?=(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b)(?!\d+ ?(?:hours?|hrs?))/g,
    'half past ',
  ],
  [/\b(?:a|one) fortnight\b/g, '2 weeks'],
  [/\b(?:time|appointment|booking) (?:to|into) (?=\d)/g, 'at '],
  [/\bpasado ma[nñ]ana\b/g, 'day after tomorrow'],
  [/\b(?:por|en|de) la ma[nñ]ana\b/g, 'in the morning'],
  [/\bma[nñ]ana(?![a-z])/g, 'tomorrow'],
  [/\b(?:por|en|de) la tarde\b/g, 'in the afternoon'],
  [/\b(?:por|en|de) la noche\b/g, 'in the evening'],
  [/\bhoy\b/g, 'today'],
  [/\blunes\b/g, 'monday'],
  [/\bmartes\b/g, 'tuesday'],
  [/\bmi[eé]rcoles\b/g, 'wednesday'],
  [/\bjueves\b/g, 'thursday'],
  [/\bviernes\b/g, 'friday'],
  [/\bs[aá]bado\b/g, 'saturday'],
  [/\bdomingo\b/g, 'sunday'],
  [/\b(?:el )?pr[oó]xim[oa] (\w+)/g, 'next $1'],
  [/\b(\w+) que viene\b/g, 'next $1'],
  [/\bsemana\b/g, 'week'],
  [/\bfin de week\b/g, 'weekend'],
  [/\blo antes posible\b|\bcuanto antes\b/g, 'asap'],
  [/\ba las? (?=\d)/g, 'at '],
  [/\b(?:2mo?r+ow?|2moro|tmrw?|tmr+ow|tomm?or+o?w?|tomm?arow|tomorrows|tom+or+ow)\b/g, 'tomorrow'],
  [/\b(?:tues?|tuesady|teusday|tuseday|tuesdya)\b\.?/g, 'tuesday'],
  [/\b(?:wensday|wednsday|wedsday|wendsday|wednesay|weds)\b\.?/g, 'wednesday'],
  [/\b(?:thurs|thur|thu|thrusday|thursay|thirsday|thusday)\b\.?/g, 'thursday'],
  [/\b(?:firday|fridy|frday|friady)\b/g, 'friday'],
  [/\b(?:satarday|saterday|saturady|satruday|saturdy)\b/g, 'saturday'],
  [/\b(?:mondy|mnoday|modnay)\b/g, 'monday'],
  [/\b(?:sundy|sudnay)\b/g, 'sunday'],
  // Short days are words too ("I sat in the sun"): they count at the start, after a day's preposition or a comma.
  [
    /(^|\b(?:on|this|next|any|or|and|every|coming|until|till|for|through|thru|to)\s|[,/&-]\s?)(mon|wed|fri|sat|sun)\b\.?(?!\s(?:in|burn|shine)\b)/g,
    '$1$2~',
  ],
  [/mon~/g, 'monday'],
  [/wed~/g, 'wednesday'],
  [/fri~/g, 'friday'],
  [/sat~/g, 'saturday'],
  [/sun~/g, 'sunday'],
  [/\b(?:nxt|nex|next)\b/g, 'next'],
  [/\bwk(s?)\b/g, 'week$1'],
  [/\b(?:wkend|week end|week-end|weeknd)(s?)\b/g, 'weekend$1'],
  [/\b(?:today|2day|tday)\b/g, 'today'],
  [/\b(?:2nite|tonite)\b/g, 'tonight'],
  [/\b(?:morn|mornin|moring|mornign)\b/g, 'morning'],
  [/\b(?:aft|arvo|a(?:f|ff)t?er?n+o*n?s?|afernoon|aftrnoon|afternoons?)\b/g, 'afternoon'],
  [/\b(?:evning|evenin|eveing|evenning)\b/g, 'evening'],
  [/\bfirst of (?=jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/g, '1st of '],
  [/\b([ap])\.\s?m\b\.?/g, '$1m'],
  [/(\d)\s?([ap])\b(?!')/g, '$1$2m'],
];
