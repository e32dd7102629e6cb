import { clientAddress, trustedProxies } from '../../src/http/client-address';

test.each([
  // what it is, peer, header, who is calling
  ['no proxy: the peer', '198.51.100.1', undefined, '198.51.100.1'],
  ['a header from a stranger is ignored', '198.51.100.1', '1.1.1.1', '198.51.100.1'],
  ['our proxy saw the visitor', '10.0.0.7', '203.0.113.9', '203.0.113.9'],
  ['what the visitor wrote in front is ignored', '10.0.0.7', '6.6.6.6, 203.0.113.9', '203.0.113.9'],
  ['two proxies of ours', '10.0.0.7', '203.0.113.9, 10.0.0.8', '203.0.113.9'],
  ['our proxy said nothing', '10.0.0.7', undefined, '10.0.0.7'],
  ['rubbish from our proxy', '10.0.0.7', 'unknown', '10.0.0.7'],
  ['rubbish behind the visitor', '10.0.0.7', 'rubbish, 203.0.113.9', '203.0.113.9'],
  ['an IPv4 address in IPv6 clothes', '::ffff:10.0.0.7', '::ffff:203.0.113.9', '203.0.113.9'],
  ['an IPv6 proxy and visitor', 'fd00::1', '2001:db8::5', '2001:db8::5'],
  ['a hundred hops', '10.0.0.7', `${'6.6.6.6, '.repeat(100)}203.0.113.9`, '203.0.113.9'],
  ['everybody is ours', '10.0.0.7', '10.0.0.1, 10.0.0.2', '10.0.0.1'],
  ['nothing at all', undefined, undefined, ''],
])('%s', (_what, peer, header, expected) => {
  expect(clientAddress(peer, header, trustedProxies(['10.0.0.0/8', 'fd00::/8', '192.0.2.1']))).toBe(expected);
});

test.each(['proxy.local', '10.0.0.0/33', '10.0.0.0/', 'fd00::/129', ''])(
  '"%s" is no proxy, and the message says what is',
  (entry) => {
    expect(() => trustedProxies([entry])).toThrow(/Write 10\.0\.0\.7 or 10\.0\.0\.0\/8/);
  },
);
