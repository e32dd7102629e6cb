import { readHandle } from '../../src/booking/read-handle';

test.each([
  '@kim_ink',
  'my insta is kim.ink',
  'just dm me on instagram @kim_ink',
  'ig: kim',
  'instagram.com/kim',
])('how to be reached on a network: %s', (text) => expect(readHandle(text)).toBe(text));

test.each(['ann@example.com', 'write to ann@example.com.', '410 555 0134', 'Ann @ noon', 'big hair'])(
  'none: %s',
  (text) => expect(readHandle(text)).toBeUndefined(),
);
