export type PasswordProblem = 'too-short' | 'too-long' | 'too-common';

/** OWASP ASVS 5.0, 6.2: at least 12 characters, no rules about kinds of characters. */
export const SHORTEST_PASSWORD = 12;
/** Bytes: enough for any passphrase, and a bound on the work that a stranger can ask for. */
export const LONGEST_PASSWORD = 1_024;

/** What the longer ones among the most used passwords are put together of. */
const COMMON_WORDS = [
  'password', 'passwort', 'passw0rd', 'p@ssword', 'p@ssw0rd', 'admin', 'administrator', 'welcome', 'letmein', 'login',
  'secret', 'changeme', 'default', 'iloveyou', 'monkey', 'dragon', 'football', 'baseball', 'superman', 'batman',
  'princess', 'sunshine', 'starwars', 'whatever', 'trustno', 'master', 'shadow', 'michael', 'jordan', 'qwerty',
  'qwertyuiop', 'qazwsx', 'asdfgh', 'zxcvbn', 'summer', 'winter', 'spring', 'autumn', 'january', 'monday', 'hello',
  'computer', 'internet', 'google', 'facebook', 'test', 'user', 'guest', 'staff', 'please',
]; // prettier-ignore

/** What anyone would try first at this door. */
const CLINIC_WORDS = [
  'scalp',
  'allure',
  'smp',
  'micropigmentation',
  'clinic',
  'enquiry',
  'booking',
  'maryland',
  'hair',
];

const RUNS = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890123456789',
  'qwertyuiopasdfghjklzxcvbnm',
  '1qaz2wsx3edc4rfv5tgb',
];

/**
 * The 49,000 most used passwords of published breaches. Few have 12 characters; most of those that do are a shorter
 * one with digits and signs around it, so that is looked for as well.
 * Read when the first password is chosen: the list is 20 MB of memory that most days nobody needs.
 */
let breached: Promise<ReadonlySet<string>> | undefined;

/**
 * Undefined for a good one. `too-common`: it is a breached one, digits and signs around it or not; hardly anything
 * is left of it without common words, the clinic's words, its owner's address, digits and runs of the keyboard; or it
 * repeats fewer than five characters.
 */
export async function passwordProblem(password: string, email: string): Promise<PasswordProblem | undefined> {
  if (Array.from(password).length < SHORTEST_PASSWORD) return 'too-short';
  if (Buffer.byteLength(password) > LONGEST_PASSWORD) return 'too-long';
  breached ??= readBreached();
  const known = await breached;
  const plain = password.normalize('NFKC').toLowerCase();
  const isCommon =
    known.has(plain) || known.has(withoutEnds(plain)) || isGuessable(plain, email.toLowerCase());
  return isCommon ? 'too-common' : undefined;
}

/** For the person choosing one. */
export const PASSWORD_PROBLEM_WORDS: Record<PasswordProblem, string> = {
  'too-short': `Use at least ${SHORTEST_PASSWORD} characters; four unrelated words are easy to remember.`,
  'too-long': `Use at most ${LONGEST_PASSWORD} characters.`,
  'too-common':
    'This one would be guessed soon. Four unrelated words are easy to remember and hard to guess.',
};

async function readBreached(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  return new Set(dictionary['passwords-common']);
}

function isGuessable(password: string, email: string): boolean {
  if (new Set(password).size < 5) return true;
  const words = [
    ...COMMON_WORDS,
    ...CLINIC_WORDS,
    ...email.split(/[@.+_-]/).filter((part) => part.length > 2),
  ];
  const longestFirst = words.sort((one, other) => other.length - one.length);
  const rest = longestFirst.reduce((left, word) => left.replaceAll(word, ' '), password);
  const unguessed = rest
    .split(/[\s!-/:-@[-`{-~]+/)
    .filter((part) => !isRun(part))
    .join('');
  return unguessed.replace(/\d/g, '').length < 4;
}

/** `!!sunflower1987` becomes `sunflower`. */
function withoutEnds(password: string): string {
  return password.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
}

function isRun(part: string): boolean {
  const backwards = Array.from(part).reverse().join('');
  return RUNS.some((run) => run.includes(part) || run.includes(backwards));
}
