import { withSpokenSigns } from '../../src/conversation/spoken-signs';

test.each([
  ['yes please I would like an appointment period', 'yes please I would like an appointment.'],
  ['My name is Ethel period', 'My name is Ethel.'],
  ['my grandson says you do hair question mark', 'my grandson says you do hair?'],
  ['Ann Lee comma 410 555 0134', 'Ann Lee, 410 555 0134'],
  ['thank you exclamation point', 'thank you!'],
])('"%s" was dictated: "%s"', (text, typed) => expect(withSpokenSigns(text)).toBe(typed));

test.each([
  'how long is the healing period',
  "I'm on my period",
  'can I come during my period?',
  'is there a recovery period',
  'period',
  'no question mark here, I typed this',
  '',
])('"%s" stays as it is', (text) => expect(withSpokenSigns(text)).toBe(text));
