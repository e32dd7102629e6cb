import { editDistance } from '../answers/edit-distance';

/** `suggestion`: what was probably meant, to be asked about; the address itself is never changed. */
export type EmailReading =
  | { ok: true; email: string; suggestion?: string; at: [start: number, end: number] }
  | { ok: false; problem: EmailProblem };

/** `no-domain`: ends before its dot (`ann@gmail`). */
export type EmailProblem = 'no-address' | 'several' | 'no-domain' | 'malformed' | 'too-long';

/** RFC 5321: 64 before the @; 254 in all, so that it fits a path of 256 with its brackets. */
const LONGEST_LOCAL = 64;
const LONGEST = 254;

/** Different addresses in a text, at most two: of which one is to be chosen. */
export function addressesIn(text: string): string[] {
  const read = tokensWithAt(text).flatMap((token) => {
    const reading = checked(token.text, [token.start, token.start + token.text.length]);
    return reading.ok ? [reading.email] : [];
  });
  return [...new Map(read.map((email) => [email.toLowerCase(), email])).values()].slice(0, 2);
}

/** One e-mail address in a text; two different ones are a question of which. Never throws; linear in the text. */
export function readEmail(text: string): EmailReading {
  const [first, ...others] = tokensWithAt(text);
  if (!first) return spokenAddress(text);
  if (others.some((other) => other.text.toLowerCase() !== first.text.toLowerCase())) {
    return { ok: false, problem: 'several' };
  }
  const end = first.start + first.text.length;
  // "ann@gmail com": the dot of a provider's name was left out.
  const domain = first.text.slice(first.text.lastIndexOf('@') + 1).toLowerCase();
  const ending = /^ ([a-z]{2,3})\b/i.exec(text.slice(end, end + 5))?.[1];
  if (ending && KNOWN_DOMAINS.includes(`${domain}.${ending.toLowerCase()}`))
    return checked(`${first.text}.${ending}`, [first.start, end + 1 + ending.length]);
  return checked(first.text, [first.start, end]);
}

function tokensWithAt(text: string): { text: string; start: number }[] {
  return [...text.matchAll(/[^\s<>(),;:"[\]]+/g)]
    .filter((token) => token[0].includes('@'))
    .map((token) => withoutPunctuation(token[0], token.index))
    .filter((each) => each.text !== '@');
}

function withoutPunctuation(token: string, index: number): { text: string; start: number } {
  const lead = /^['“”‘’*]{0,3}/.exec(token)?.[0].length ?? 0;
  const text = token.slice(lead).replace(/['“”‘’.!?*]{1,9}$/, '');
  return { text, start: index + lead };
}

/** "ann dot lee at gmail dot com" */
function spokenAddress(text: string): EmailReading {
  const spoken =
    /([\w+-]{1,64}(?: (?:dot|period|underscore|dash|hyphen|plus) [\w+-]{1,64}){0,3}) ?(?: at | ?[([]at[)\]] ?) ?([\w-]{1,63}(?: ?(?: dot |[([]dot[)\]]|\.) ?[\w-]{1,63}){1,3})(?![\w@])/i.exec(
      text.slice(0, 400),
    );
  if (!spoken?.[1] || !spoken[2] || !/dot|\./i.test(spoken[2])) return { ok: false, problem: 'no-address' };
  const dotted = (part: string): string =>
    part
      .replace(/ ?[([]?\b(?:dot|period)\b[)\]]? ?/gi, '.')
      .replace(/ underscore /gi, '_')
      .replace(/ (?:dash|hyphen) /gi, '-')
      .replace(/ plus /gi, '+')
      .replace(/ /g, '');
  const email = `${dotted(spoken[1])}@${dotted(spoken[2])}`;
  const domain = email.slice(email.indexOf('@') + 1).toLowerCase();
  // "look at smile dot photo" is no address: beside other words only a mail provider's name is believed without an @.
  const isAll = text.trim().replace(/[.!]$/, '') === spoken[0].trim() && COMMON_ENDING.test(domain);
  if (!isAll && !KNOWN_DOMAINS.includes(domainMeant(domain) ?? domain))
    return { ok: false, problem: 'no-address' };
  return checked(email, [spoken.index, spoken.index + spoken[0].length]);
}

const COMMON_ENDING = /\.(?:com|net|org|edu|us|biz|info|co\.uk|ca)$/;

function checked(email: string, at: [number, number]): EmailReading {
  const parts = email.split('@');
  const [local, domain] = parts;
  if (parts.length !== 2 || !local || !domain) return { ok: false, problem: 'malformed' };
  if (email.length > LONGEST || local.length > LONGEST_LOCAL) return { ok: false, problem: 'too-long' };
  if (!isLocalPart(local)) return { ok: false, problem: 'malformed' };
  if (!domain.includes('.')) return { ok: false, problem: 'no-domain' };
  if (!isDomain(domain)) return { ok: false, problem: 'malformed' };
  const meant = domainMeant(domain.toLowerCase());
  return meant ? { ok: true, email, suggestion: `${local}@${meant}`, at } : { ok: true, email, at };
}

function isLocalPart(local: string): boolean {
  return /^[\p{L}\p{M}\p{N}.!#$%&'*+/=?^_`{|}~-]+$/u.test(local) && !/^\.|\.\.|\.$/.test(local);
}

function isDomain(domain: string): boolean {
  const labels = domain.split('.');
  return (
    labels.every((label) => /^[\p{L}\p{M}\p{N}-]{1,63}$/u.test(label) && !/^-|-$/.test(label)) &&
    /^(?:\p{L}[\p{L}\p{M}\p{N}-]+)$/u.test(labels.at(-1) ?? '')
  );
}

/** Large mail providers; near misses of these are offered. */
const KNOWN_DOMAINS = [
  'gmail.com',
  'googlemail.com',
  'yahoo.com',
  'yahoo.co.uk',
  'yahoo.ca',
  'yahoo.fr',
  'yahoo.de',
  'ymail.com',

  'rocketmail.com',
  'hotmail.com',
  'hotmail.co.uk',
  'hotmail.fr',
  'outlook.com',
  'live.com',
  'live.co.uk',

  'msn.com',
  'icloud.com',
  'me.com',
  'mac.com',
  'aol.com',
  'aim.com',
  'comcast.net',
  'verizon.net',
  'att.net',

  'sbcglobal.net',
  'bellsouth.net',
  'cox.net',
  'charter.net',
  'earthlink.net',
  'optonline.net',
  'proton.me',

  'protonmail.com',
  'pm.me',
  'fastmail.com',
  'zoho.com',
  'mail.com',
  'email.com',
  'gmx.com',
  'gmx.net',
  'gmx.de',
  'web.de',
  'mail.ru',
  'yandex.ru',
  'yandex.com',
  'qq.com',
  '163.com',
  'btinternet.com',
  'rogers.com',
];
/** Short names are within one slip of too many real ones (`me.com`, `ms.com`). */
const SHORTEST_NEAR_MISS = 7;

/** The provider whose name was probably meant; undefined where the domain is one itself or near none. */
function domainMeant(domain: string): string | undefined {
  if (KNOWN_DOMAINS.includes(domain)) return undefined;
  const near = KNOWN_DOMAINS.filter(
    (known) => known.length >= SHORTEST_NEAR_MISS && isOneSlip(domain, known),
  );
  if (near[0]) return near[0];
  const repaired = domain
    .replace(/\.(?:con|cim|cmo|ocm|comm|vom|xom|coom|cpm|c0m|om|cm|co)$/, '.com')
    .replace(/\.(?:ner|nte|ent|met|nett)$/, '.net');
  if (repaired === domain) return undefined;
  if (KNOWN_DOMAINS.includes(repaired)) return repaired;
  const twice = KNOWN_DOMAINS.find(
    (known) => known.length >= SHORTEST_NEAR_MISS && isOneSlip(repaired, known),
  );
  // .co, .cm and .om are countries: only a provider's name makes them a slip.
  return twice ?? (/\.(?:co|cm|om)$/.test(domain) ? undefined : repaired);
}

/** One letter too many, missing, wrong, or two neighbours swapped. */
function isOneSlip(typed: string, meant: string): boolean {
  return editDistance(typed, meant, 1) <= 1;
}
