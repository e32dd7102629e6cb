/**
 * Days and times of day as visitors of five other languages write them, and the English the day reader knows. The
 * answers are in English only, but a day is quickly said in one's own words. Data only; `plain-when.ts` applies it, in
 * order. Left out is what is an English word or a first name as well ("sera", "mars").
 */
const WORDS: readonly (readonly [foreign: string, english: string])[] = [
  ['montags?|lundis?|segunda-feira|lunedi', 'monday'],
  ['dienstags?|mardis?(?! gras)|terca-feira|martedi', 'tuesday'],
  ['mittwochs?|mercredis?|quarta(?:-feira)?|mercoledi', 'wednesday'],
  ['donnerstags?|jeudis?|quinta(?:-feira)?|giovedi', 'thursday'],
  ['freitags?|vendredis?|sexta(?:-feira)?|venerdi', 'friday'],
  ['samstags?|sonnabends?|samedis?|sabato', 'saturday'],
  ['sonntags?|dimanches?|domenica', 'sunday'],
  ['wochenende|fine settimana|fim de semana', 'weekend'],
  ['woche|semaine|settimana', 'week'],
  ['(?:n[a]e?chste|kommende)[nrsm]?|que vem', 'next'],
  ['uebermorgen|ubermorgen|apres[- ]demain|depois de amanha|dopodomani', 'day after tomorrow'],
  ['heute', 'today'],
  ["aujourd'hui|hoje|oggi", 'today'],
  ['heute abend|ce soir|stasera', 'tonight'],
  ['vormittags?|morgens|matin(?:ee)?|(?:de|pela|na) manha|mattin[ao]', 'in the morning'],
  ["nachmittags?|(?:l')?apres[- ]midi|(?:a|de|da|pela|na) tarde|pomeriggio", 'in the afternoon'],
  ['abends?|soiree?|soir|(?:a|da|de) noite|(?:di|la) sera', 'in the evening'],
  ['demain|amanha|domani', 'tomorrow'],
  ['anfang|debut|(?:a )?(?:principios|comienzos) de|inicio d[eo]|inizi?o?(?: di)?', 'early'],
  ['mitte|(?:a )?mediados de|meados de|meta(?: di)?', 'mid'],
  ['ende|fin(?!ales)|(?:a )?(?:fines|finales) de|final d[eo]|fine(?! settimana)(?: di)?', 'late'],
  ['januar|janvier|enero|janeiro|gennaio', 'january'],
  ['februar|fevrier|febrero|fevereiro|febbraio', 'february'],
  ['maerz|marz|marzo|marco', 'march'],
  ['avril|abril|aprile', 'april'],
  ['mai|mayo|maio|maggio', 'may'],
  ['juni|juin|junio|junho|giugno', 'june'],
  ['juillet|julio|julho|luglio', 'july'],
  ['aout|agosto', 'august'],
  ['septembre|septiembre|setembro|settembre', 'september'],
  ['oktober|octobre|octubre|outubro|ottobre', 'october'],
  ['novembre|noviembre|novembro', 'november'],
  ['dezember|decembre|diciembre|dezembro|dicembre', 'december'],
];

const WEEKDAY = '(?:mon|tues|wednes|thurs|fri|satur|sun)day';

export const FOREIGN_DAYS: readonly (readonly [RegExp, string])[] = [
  ...WORDS.map(
    ([foreign, english]) => [new RegExp(`(?<![\\p{L}'])(?:${foreign})(?!\\p{L})`, 'gu'), english] as const,
  ),
  // "Dienstag morgen" is its morning, "morgen" alone tomorrow.
  [new RegExp(`\\b(${WEEKDAY}) morgen\\b|\\bmorgen (?:fruh|frueh)\\b`, 'g'), '$1 in the morning'],
  [/\bmorgen\b/g, 'tomorrow'],
  [
    new RegExp(
      `\\b(${WEEKDAY}|week) (?:prochaine?|prossim[oa]|qui vient|next(?! (?:week|month|year)))\\b`,
      'g',
    ),
    'next $1',
  ],
  // "mes" is no month by itself.
  [
    /\b(early|mid|late|next) (?:des |du |do |del |de |le |el )?(?:monat|mois|mese|mes)s?\b/g,
    '$1 in the month',
  ],
  [/\b(?:monat|mois|mese|mes) (?:prochain|prossimo|next)\b/g, 'next month'],
  [/\bnext in the month\b/g, 'next month'],
  [/\b(early|mid|late) (?:de |di )?mars\b/g, '$1 march'],
  [new RegExp(`\\bam (?=${WEEKDAY}\\b|in the|next\\b)`, 'g'), 'on '],
  [/\b(?:um |gegen )?(\d{1,2})(?:[:.](\d\d))? ?uhr(?: (\d\d))?\b/g, 'at $1:$2$3'],
  [/\bat (\d{1,2}):(?!\d)/g, 'at $1:00'],
  [/\b(\d{1,2})\. (?=(?:jan|febr|march|april|may|june|july|aug|sept|oct|nov|dec))/g, '$1 '],
];
