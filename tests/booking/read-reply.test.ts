import { beginsWithYes, noteToAdd, readReply, saysToSend } from '../../src/booking/read-reply';

test.each([
  [
    'yes',
    'yes yeah Yep sure ok OK! yes,please|yes that is right|looks good|send it|confirm|👍|all good|thats correct|sounds good|go ahead|no problem|I agree|sí|yes please do, thanks so much!|SEND IT ALREADY|yes that’s all correct|looks right, go for it|oui|si gracias|ja bitte|sim obrigado|sí, envíalo|oui c’est bon|ja passt so|pode sim|tudo certo, pode enviar|sì va bene|well I should like that, yes|you may, dear|that would be very kind of you',
  ],
  [
    'no',
    "no nope nah No,thanks|that's not right|it's wrong|nein danke|no thank you|I do not agree|👎|not really|I refuse|no thank you dear|lieber nicht|no, grazie mille",
  ],
  [
    'skip',
    'skip pass none|skip it please|nothing|n/a|I don’t know|not sure|nothing to add|rather not|nah I think that’s it|No that’s everything|I’m good|🤷|just have someone call me|nada más|rien|not telling|no, nada más, gracias|nein, sonst nichts|non, rien d’autre',
  ],
  ['back', 'back|go back|previous|previous question'],
  [
    'cancel',
    'cancel stop quit|never mind|nevermind|forget it|not now|maybe later|I changed my mind|cancel it|I don’t want to book anymore',
  ],
  ['start-over', 'restart|start over|start again|from the beginning'],
  ['keep', 'keep it|leave it as it is|no change'],
  ['help', 'help|what?|what do I write here|is anyone there?|what can I say|I don’t understand'],
  [
    'why',
    'why?|why do you need that|why do you need my number?|why so many questions|is my data safe?|yes but don’t sell my data|what happens if I say no?|who will see this|can I see the privacy policy|what do you need it for|what do you do with my number|do i have to answer all this',
  ],
  [
    'wait',
    "wait|don't send it yet|hold on|let me think|let me check with my wife first|I’ll do it later|give me a minute|not yet",
  ],
  ['no-contact', "neither|I'd rather not give either|I don't want to give you my details|no email either"],
  [
    'withdraw',
    'cancel my booking|please delete that request I don’t want it anymore|withdraw my request|please cancel the appointment',
  ],
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
  ['hmm tuesday is bad', 'when'],
  ['the email is missing', 'email'],
  ['actually can you use email instead', 'email'],
])('"%s" is about the %s', (text, field) => expect(readReply(text)).toEqual({ kind: 'change', field }));

test.each([
  ['remove the phone number', 'phone'],
  ['please delete the note', 'note'],
  ['take out my email', 'email'],
])('"%s" takes the %s out', (text, field) => expect(readReply(text)).toEqual({ kind: 'remove', field }));

test.each([
  ['ok I’m ready, send it', true],
  ['book it', true],
  ['yes', false],
  ["don't send it", false],
  ['when will you send it', false],
  ['can you send it?', false],
])('"%s" says to send: %s', (text, says) => expect(saysToSend(text)).toBe(says));

test.each([
  ['also add that I have a beard', 'I have a beard'],
  ["tell them I'm coming by bus", "I'm coming by bus"],
  ['add a note', undefined],
  ['Ann Lee', undefined],
])('"%s" is to be noted: %s', (text, note) => expect(noteToAdd(text)).toBe(note));

test.each(["no that's it", "I'm good", 'yes but what for', 'book it'])(
  '"%s" is no yes to the notice',
  (text) => expect(readReply(text).kind).not.toBe('yes'),
);

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

test.each([
  ["yes, I'm Ann Lee", true],
  ["yes ma'am, Jack Ma here", true],
  ["yes, I'm non-binary", true],
  ['sì, sono Luca', true],
  ['sim, eu sou Ana', true],
  ['oui, je suis Luc Moreau', true],
  ['ja, ich bin Otto', true],
  ['yes but what for', false],
  ["yes, don't call me", false],
  ['sì, però non voglio dare il telefono', false],
  ['sì, ma prima una domanda', false],
  ['sim, mas não quero isso', false],
  ['sí, pero primero una pregunta', false],
  ['si no es obligatorio, mejor', false],
  ['oui mais pas mon numéro', false],
  ['oui, sauf le téléphone', false],
  ['ja, aber keine Anrufe', false],
  ['ja, keine Anrufe bitte', false],
])('"%s" begins with a yes without reservation: %s', (text, isYes) => {
  expect(beginsWithYes(text)).toBe(isYes);
});
