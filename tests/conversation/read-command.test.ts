import { type Command, readCommand } from '../../src/conversation/read-command';

const UNDERSTOOD: [Command, string[]][] = [
  [
    'cancel',
    [
      'cancel',
      'Cancel!',
      'please cancel',
      'cancle',
      'never mind',
      'nevermind thanks',
      'forget it',
      'ok stop',
      'STOP',
      'not now',
      'nvm',
      'never mind cancel it',
    ],
  ],
  [
    'start-over',
    ['start over', 'Start over please', 'lets start over', 'restart', 'reset', 'main menu', 'strat over'],
  ],
  [
    'person',
    [
      'person',
      'a person please',
      'can I talk to a human?',
      'Talk to someone',
      'speak to a real person',
      'operator',
      'human pls',
      'get me a human!',
      'give me a human you stupid bot',
      'I want a fucking person',
    ],
  ],
  [
    'delete-data',
    [
      'delete my data',
      'Delete my data please',
      'erase everything',
      'forget me',
      'remove my details',
      'delet my data',
      'please remove everything you have about me',
      'I want all my messages deleted',
      'can you delete what I wrote here and my details',
      'remove my detials',
      'delete my converstion',
      'delte this chat',
    ],
  ],
  ['help', ['help', 'Help!', 'what can you do?', 'help me', 'hi can you help me', 'options']],
];

test.each(UNDERSTOOD.flatMap(([command, texts]) => texts.map((text) => [text, command] as const)))(
  '"%s" is %s',
  (text, command) => {
    expect(readCommand(text)).toBe(command);
  },
);

test.each([
  'can I cancel my appointment on friday',
  'does it stop hair loss',
  'will you help with my receding hairline',
  'is there a person who can do my eyebrows',
  'how do I forget about my hair loss',
  'I want to start',
  'remove my number',
  'delete the note',
  'can it be removed',
  'bart',
  '',
  '   ',
  '?!',
])('"%s" is not a command but something to be answered', (text) => {
  expect(readCommand(text)).toBe(undefined);
});
