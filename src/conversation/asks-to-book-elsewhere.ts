import type { OtherLanguage } from '../answers/detect-language';

/**
 * The language in which a message asks for an appointment, where it is one of five beside English: "quiero reservar una
 * cita", "ich hätte gern einen Termin". Undefined otherwise, also for what asks its price or calls one off. There are no
 * answers in these languages, so that "how do I book?" in them is led to the booking as well.
 */
export function asksToBookElsewhere(text: string): OtherLanguage | undefined {
  const words = text
    .slice(0, LONGEST)
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[’‘`´]/g, "'")
    .replace(/[^\p{L}\p{N}']+/gu, ' ')
    .trim();
  if (ABOUT.test(words)) return undefined;
  return ASKS.find(([, pattern]) => pattern.test(words))?.[0];
}

const LONGEST = 300;

/** What may stand between the wish and what is wished for. */
const SOME = "(?:[\\p{L}']{1,15} ){0,4}?";
/** Little enough before "cita por favor" for that to be all of it. */
const HELLO =
  '^(?:(?:hola|ola|oi|ciao|salut|bonjour|hallo|buenos|buenas|buongiorno|bom|boa|guten|tag|dias|tardes|dia|tarde) )*';
const PLEASE =
  "(?: (?:por favor|porfa|s'il vous plait|svp|bitte|per favore|gracias|merci|danke|grazie|obrigad[oa]))*$";

const ASKS: readonly (readonly [OtherLanguage, RegExp])[] = [
  [
    'es',
    new RegExp(
      asks(
        'quiero|quisiera|necesito|deseo|queria|gustaria|puedo|podria|podemos|pueden|puede',
        'reservar|agendar|pedir|sacar|concertar|programar|solicitar|tener|coger|hacer',
        'cita|turno|reserva|valoracion',
      ),
      'u',
    ),
  ],
  [
    'pt',
    new RegExp(
      asks(
        'quero|queria|gostaria|preciso|posso|poderia|podem|pode',
        'marcar|agendar|reservar|fazer|ter',
        'consulta|avaliacao|marcacao|horario|agendamento|sessao',
      ),
      'u',
    ),
  ],
  [
    'fr',
    new RegExp(
      asks(
        "voudrais|veux|aimerais|j'aimerais|souhaite|souhaiterais|puis je|peux|pouvez|pourrais|peut on",
        'prendre|reserver|avoir|fixer|demander|obtenir',
        'rendez vous|rdv|consultation|reservation',
      ),
      'u',
    ),
  ],
  [
    'de',
    new RegExp(
      asks(
        'mochte|moechte|will|wurde|wuerde|brauche|hatte|haette|kann ich|konnte ich|konnen|suche',
        'buchen|vereinbaren|ausmachen|machen|haben|bekommen|reservieren',
        'termin|beratung|beratungstermin|beratungsgesprach',
      ),
      'u',
    ),
  ],
  [
    'it',
    new RegExp(
      asks(
        'vorrei|voglio|posso|potrei|desidero|piacerebbe|possiamo|bisogno di',
        'prenotare|fissare|prendere|avere|richiedere',
        'appuntamento|consulenza|visita|prenotazione',
      ),
      'u',
    ),
  ],
];

/** "I want an appointment", "book an appointment", "appointment please" */
function asks(wishes: string, doings: string, meeting: string): string {
  return `(?<!\\p{L})(?:(?:${wishes}) ${SOME}(?:${meeting})|(?:${doings}) (?:un |una |uma |unha |einen |eine |mi |la |um |a )?(?:${meeting}))(?!\\p{L})|${HELLO}(?:un |una |uma |einen |eine )?(?:${meeting})${PLEASE}`;
}

/** Its price, or one that there is already. */
const ABOUT =
  /(?<!\p{L})(?:cuanto|cuesta|precio|quanto|custa|costa|prezzo|preco|combien|coute|prix|kostet|preis|viel|cancelar|anular|cambiar|alterar|desmarcar|annuler|changer|deplacer|absagen|stornieren|verschieben|andern|disdire|annullare|cancellare|spostare|cambiare|tengo|tenho|habe)(?!\p{L})/u;
