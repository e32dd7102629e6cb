import { readEmail } from '../../src/booking/read-email';

test.each([
  ['ann@example.com', 'ann@example.com'],
  ['mail me: ann.lee+smp@example.co.uk.', 'ann.lee+smp@example.co.uk'],
  ['<Ann@Example.com>', 'Ann@Example.com'],
  ["o'brien@example.ie", "o'brien@example.ie"],
  ['ann@münchen.de', 'ann@münchen.de'],
  ['ann dot lee at gmail dot com', 'ann.lee@gmail.com'],
  ['ann at leeroofing dot com', 'ann@leeroofing.com'],
  ['ann.lee@gmail com thanks', 'ann.lee@gmail.com'],
  ['ann@example.com ann@example.com', 'ann@example.com'],
])('%s is read as %s', (text, email) => {
  const reading = readEmail(text);
  expect(reading).toMatchObject({ ok: true, email });
  expect(reading).not.toHaveProperty('suggestion');
});

test.each([
  ['no address', 'no-address'],
  ['look at smile dot photo', 'no-address'],
  ['i saw it at leeroofing.com', 'no-address'],
  ['ann@gmail', 'no-domain'],
  ['ann@clinic com', 'no-domain'],
  ['ann@@example.com', 'malformed'],
  ['ann@.com', 'malformed'],
  ['.ann@example.com', 'malformed'],
  ['ann@exa_mple.com', 'malformed'],
  ['a@example.com, b@example.com', 'several'],
  ['a@example.com\r\nBcc: b@example.com', 'several'],
  [`${'a'.repeat(65)}@example.com`, 'too-long'],
  [`ann@${'a.'.repeat(130)}com`, 'too-long'],
])('%j: %s', (text, problem) => {
  expect(readEmail(text)).toEqual({ ok: false, problem });
});

test('a spoken address with a slip in it is offered the provider', () => {
  expect(readEmail("it's ann at gmial.com")).toMatchObject({
    email: 'ann@gmial.com',
    suggestion: 'ann@gmail.com',
  });
});

test.each([
  ['gmial.com', 'gmail.com'],
  ['gmal.com', 'gmail.com'],
  ['gamil.com', 'gmail.com'],
  ['gmaill.com', 'gmail.com'],
  ['gmail.con', 'gmail.com'],
  ['gmail.co', 'gmail.com'],
  ['gmail.cm', 'gmail.com'],
  ['gnail.com', 'gmail.com'],
  ['gmail.om', 'gmail.com'],
  ['googlemial.com', 'googlemail.com'],
  ['yaho.com', 'yahoo.com'],
  ['yahooo.com', 'yahoo.com'],
  ['yhaoo.com', 'yahoo.com'],
  ['yahoo.cmo', 'yahoo.com'],
  ['yaoo.com', 'yahoo.com'],
  ['hotmial.co.uk', 'hotmail.co.uk'],
  ['rocketmial.com', 'rocketmail.com'],
  ['hotmial.com', 'hotmail.com'],
  ['hotmal.com', 'hotmail.com'],
  ['hotmail.con', 'hotmail.com'],
  ['homail.com', 'hotmail.com'],
  ['outlok.com', 'outlook.com'],
  ['outllook.com', 'outlook.com'],
  ['outloook.com', 'outlook.com'],
  ['iclod.com', 'icloud.com'],
  ['icoud.com', 'icloud.com'],
  ['icloud.con', 'icloud.com'],
  ['aol.con', 'aol.com'],
  ['aoll.com', 'aol.com'],
  ['comcst.net', 'comcast.net'],
  ['comcast.nte', 'comcast.net'],
  ['verzon.net', 'verizon.net'],
  ['sbcgloabl.net', 'sbcglobal.net'],
  ['bellsuoth.net', 'bellsouth.net'],
  ['earthlnk.net', 'earthlink.net'],
  ['optoline.net', 'optonline.net'],
  ['protonmial.com', 'protonmail.com'],
  ['fastmal.com', 'fastmail.com'],
  ['msn.con', 'msn.com'],
  ['btinternt.com', 'btinternet.com'],
])('ann@%s: ann@%s is offered, the address stays as typed', (typed, meant) => {
  expect(readEmail(`ann@${typed}`)).toMatchObject({
    ok: true,
    email: `ann@${typed}`,
    suggestion: `ann@${meant}`,
  });
});

test.each(['mail.com', 'ymail.com', 'aim.com', 'me.com', 'gmx.de', 'example.co', 'acme.cm', 'mycompany.com'])(
  'nothing is offered for ann@%s',
  (domain) => expect(readEmail(`ann@${domain}`)).not.toHaveProperty('suggestion'),
);
