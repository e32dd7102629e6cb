import { readReply } from '../../src/booking/read-reply';

test.each([
  [
    'yes',
    'yes yeah Yep sure ok OK! yes,please|yes that is right|looks good|send it|confirm|👍|all good|thats correct|sounds good|go ahead|no problem|I agree|sí',
  ],
  ['no', 'no nope nah No,thanks|no thank you|I do not agree|👎|not really|I refuse'],
  ['skip', 'skip pass none|skip it please|nothing|n/a|I don’t know|not sure|nothing to add|rather not'],
  ['back', 'back|go back|previous|previous question'],
  [
    'cancel',
    'cancel stop quit|never mind|nevermind|forget it|not now|maybe later|I changed my mind|cancel it|I don’t want to book anymore',
  ],
  ['start-over', 'restart|start over|start again|from the beginning'],
  ['keep', 'keep it|leave it as it is|no change'],
  ['help', 'help|what can I say|I don’t understand'],
  [
    'why',
    'why?|why do you need that|why do you need my number?|what do you need it for|what do you do with my number',
  ],
  ['withdraw', 'cancel my booking|withdraw my request|please cancel the appointment'],
])('%s, in many wordings', (kind, wordings) => {
  const texts = wordings
    .split('|')
    .flatMap((each, place) =>
      place === 0 && !/^(?:back|keep it|why|what|help|cancel my|restart|go)/.test(each)
        ? each.split(' ')
        : [each],
    );
  expect(texts.map((text) => [text, readReply(text).kind])).toEqual(texts.map((text) => [text, kind]));
});

test.each([
  ['change the email', 'email'],
  ["the number's wrong", 'phone'],
  ['my phone number is wrong', 'phone'],
  ['wrong name', 'name'],
  ["that's not my name", 'name'],
  ['can I change the time?', 'when'],
  ['edit the note', 'note'],
  ['the email isn’t right', 'email'],
  ['add a note', 'note'],
  ['different day', 'when'],
])('"%s" is about the %s', (text, field) => expect(readReply(text)).toEqual({ kind: 'change', field }));

test.each([
  'why is it so expensive',
  'how does it work',
  'Ann Lee',
  'does the number of sessions change',
  'can I cancel if I get sick?',
  'yes but what for',
  'next friday',
  '',
])('"%s" is no command', (text) => expect(readReply(text).kind).toBe('none'));
