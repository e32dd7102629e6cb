import { editDistance } from '../answers/edit-distance';
import { plainWords } from './plain-words';

/** Words that work at any moment, whatever is waiting. */
export type Command = 'cancel' | 'start-over' | 'person' | 'delete-data' | 'help';

/**
 * The command that a whole message is, or undefined. One slip of the finger is forgiven in longer words
 * ("cancle"); a command inside a longer sentence is left to the answers ("can I cancel my appointment?").
 */
export function readCommand(text: string): Command | undefined {
  // "a person now": in what haste is no part of the command, nor in what temper. "not now" is one itself.
  const whole = plainWords(text).replace(SWEARING, '').replace(NAME_CALLING, '');
  const said = whole === 'not now' ? whole : whole.replace(/(?<=..) (?:right )?now$/, '');
  if (said === '' || said.length > LONGEST_REQUEST) return undefined;
  if (asksToDelete(said)) return 'delete-data';
  if (said.length > LONGEST) return undefined;
  if (PERSON.test(said)) return 'person';
  // "never mind, cancel it": said twice, it is said once more plainly.
  const [, once, again] = CANCEL_TWICE.exec(said) ?? [];
  if (once && again && readCommand(once) === 'cancel' && readCommand(again) === 'cancel') return 'cancel';
  return COMMANDS.find(([phrase]) => phrase === said || isOneSlipFrom(phrase, said))?.[1];
}

function isOneSlipFrom(phrase: string, said: string): boolean {
  const isNear = phrase.length >= 5 && Math.abs(phrase.length - said.length) <= 1;
  return isNear && editDistance(phrase, said, 1) <= 1;
}

const CANCEL_TWICE = /^(never ?mind|nvm|forget (?:it|that)|stop|cancel) (.+)$/;
const SWEARING = /\b(?:fuck(?:ing|in)?|bloody|(?:god ?)?damn|freaking|effing) (?=\p{L})/gu;
const NAME_CALLING =
  / (?:you |u )?(?:(?:stupid|dumb|useless|shitty|silly) )*(?:bot|robot|machine|computer|idiot|moron)$/;

/** "a person", "can I talk to a real human", "let me speak with someone from the team" */
const PERSON =
  /^(?:(?:can|could|may) i |i (?:just )?(?:want|wanna|need|would like)(?: to)? |i'd (?:like|rather|prefer)(?: to)? |let me |please )?(?:(?:talk|speak|chat) (?:to|with) |(?:get|give) me |connect me (?:to|with) |put me through to |have )?(?:(?:an? |the |your |some )?(?:real |live |actual |human )*(?:person|human|human being|agent|operator|representative|manager|supervisor|receptionist|owner)|(?:a )?(?:member of )?staff|(?<=(?:to|with|me|have) )(?:someone|somebody))(?: (?:real|instead|from (?:the|your) (?:team|clinic)))?$/;

const PHRASES: Record<Command, string[]> = {
  cancel: [
    'cancel',
    'cancel it',
    'cancel that',
    'cancel this',
    'never mind',
    'nevermind',
    'nvm',
    'forget it',
    'forget about it',
    'forget that',
    'stop',
    'stop it',
    'stop this',
    'quit',
    'exit',
    'abort',
    'not now',
    'maybe later',
    'changed my mind',
    'i changed my mind',
    "i don't want to anymore",
    "don't bother",
  ],
  'start-over': [
    'start over',
    'start again',
    'start from scratch',
    'begin again',
    'restart',
    'reset',
    'from the beginning',
    "let's start over",
    'lets start over',
    'can we start over',
    'can i start over',
    'main menu',
    'menu',
    'get started',
  ],
  person: [
    'person',
    'human',
    'agent',
    'operator',
    'representative',
    'staff',
    'somebody real',
    'someone real',
    'live chat',
    'talk to the team',
    'talk to staff',
  ],
  'delete-data': [
    'delete my data',
    'delete my information',
    'delete my info',
    'delete my details',
    'delete my messages',
    'delete everything',
    'erase my data',
    'erase everything',
    'remove my data',
    'forget me',
    'delete me',
  ],
  help: [
    'help',
    'help me',
    'can you help me',
    'i need help',
    'commands',
    'options',
    'what can you do',
    'what can i ask',
    'what can i do here',
    'what do you do',
    'how does this work',
    'how do i use this',
    'what are my options',
  ],
};

const COMMANDS = (Object.entries(PHRASES) as [Command, string[]][]).flatMap(([command, phrases]) =>
  phrases.map((phrase) => [phrase, command] as const),
);

const LONGEST = 40;
/** Who wants to be forgotten may say it in a whole sentence. */
const LONGEST_REQUEST = 90;

/**
 * "please remove everything you have about me", "I want all my messages deleted": nothing but a word of deleting and
 * what is kept of oneself. "Delete my number" is left to the booking, and "remove it" to whatever was spoken of.
 */
function asksToDelete(said: string): boolean {
  const words = said.replace(ASKED_FOR, '').split(' ');
  return (
    words.some(isDeleting) &&
    words.some(isKept) &&
    words.every((word) => isDeleting(word) || isKept(word) || BESIDE_KEPT.has(word))
  );
}

/** "remote chat" is no slip: of the words of deleting only this one is forgiven one. */
function isDeleting(word: string): boolean {
  return DELETING.has(word) || isOneSlipFrom('delete', word);
}

function isKept(word: string): boolean {
  return KEPT.has(word) || KEPT_WORDS.some((kept) => isOneSlipFrom(kept, word));
}

const ASKED_FOR =
  /^(?:(?:can|could|will|would) you (?:please )?|i(?:'d like| would like| want| need| wish)(?: for)?(?: you)?(?: to)? |please |how do i |how can i |you (?:must|should|need to|have to) )+/;
const DELETING = new Set(
  'delete deleted erase erased remove removed wipe wiped clear cleared forget destroy'.split(' '),
);
const KEPT_WORDS =
  'me data info information details messages chat chats conversation conversations everything records record history'.split(
    ' ',
  );
const KEPT = new Set(KEPT_WORDS);
const BESIDE_KEPT = new Set(
  "all any anything of the my this that these whole entire our personal private what whatever you have has hold know keep kept store stored save saved saving collected got on about i i've wrote written said sent typed told here from in your system systems database file files please and to be completely permanently immediately".split(
    ' ',
  ),
);
