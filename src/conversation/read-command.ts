import { plainWords } from './plain-words';

/** Words that work at any moment, whatever is waiting. */
export type Command = 'cancel' | 'start-over' | 'person' | 'delete-data' | 'help';

/**
 * The command that a whole message is, or undefined. One slip of the finger is forgiven in longer words
 * ("cancle"); a command inside a longer sentence is left to the answers ("can I cancel my appointment?").
 */
export function readCommand(text: string): Command | undefined {
  const said = plainWords(text);
  if (said === '' || said.length > LONGEST) return undefined;
  for (const [command, phrases] of Object.entries(PHRASES) as [Command, string[]][]) {
    if (phrases.some((phrase) => phrase === said || (phrase.length >= 5 && isOneSlipApart(phrase, said))))
      return command;
  }
  return undefined;
}

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
    'a person',
    'human',
    'a human',
    'agent',
    'an agent',
    'operator',
    'representative',
    'a representative',
    'real person',
    'a real person',
    'real human',
    'live agent',
    'live person',
    'live chat',
    'somebody real',
    'someone real',
    'staff',
    'talk to a person',
    'talk to a human',
    'talk to someone',
    'talk to somebody',
    'talk to an agent',
    'talk to a real person',
    'talk to a real human',
    'talk to the team',
    'talk to staff',
    'speak to a person',
    'speak to a human',
    'speak to someone',
    'speak to somebody',
    'speak to a real person',
    'speak with someone',
    'speak with a person',
    'speak with a human',
    'chat with a person',
    'chat with a human',
    'i want a person',
    'i want a human',
    'i want to talk to a person',
    'i want to talk to a human',
    'i want to talk to someone',
    'i want to speak to a person',
    'i want to speak to a human',
    'i want to speak to someone',
    'i need a person',
    'i need a human',
    'i need to talk to someone',
    'can i talk to a person',
    'can i talk to a human',
    'can i talk to someone',
    'can i talk to somebody',
    'can i talk to a real person',
    'can i speak to a person',
    'can i speak to a human',
    'can i speak to someone',
    'can i speak to somebody',
    'can i speak with someone',
    'can i speak to a real person',
    'could i speak to someone',
    'could i talk to someone',
    'let me talk to a person',
    'let me talk to a human',
    'let me speak to a human',
    'connect me to a person',
    'connect me with someone',
    'put me through to someone',
    'get me a human',
    'get me a person',
    'give me a human',
    'give me a person',
    'give me a real person',
  ],
  'delete-data': [
    'delete my data',
    'delete my information',
    'delete my info',
    'delete my details',
    'delete my messages',
    'delete my chat',
    'delete this chat',
    'delete this conversation',
    'delete my conversation',
    'delete everything',
    'delete all my data',
    'delete me',
    'erase my data',
    'erase my details',
    'erase me',
    'erase everything',
    'erase this chat',
    'remove my data',
    'remove my details',
    'remove my information',
    'forget me',
    'forget my data',
    'delete everything about me',
    'i want my data deleted',
    'i want you to delete my data',
    'can you delete my data',
    'clear my data',
    'clear this chat',
    'wipe my data',
  ],
  help: [
    'help',
    'help me',
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

const LONGEST = 40;

/** Whether one change, missing or extra letter, or swapped neighbours, makes one text of the other. */
function isOneSlipApart(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const middleA = a.slice(start, a.length - end);
  const middleB = b.slice(start, b.length - end);
  const swapped = middleA.length === 2 && middleB === `${middleA[1]}${middleA[0]}`;
  return swapped || (middleA.length <= 1 && middleB.length <= 1);
}
