import { addressKey, createRateLimiter, takeFromAll } from '../../src/http/rate-limit';
import { HttpError } from '../../src/http/route';

function refusalOf(work: () => void): HttpError | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof HttpError) return error;
    throw error;
  }
}

test('a burst is allowed, then one at a time as the bucket fills again', () => {
  let now = 0;
  const limiter = createRateLimiter({ burst: 3, perSecond: 0.5 }, () => now);
  const take = (): HttpError | undefined => refusalOf(() => takeFromAll([[limiter, 'a']]));
  expect([take(), take(), take()]).toEqual([undefined, undefined, undefined]);
  expect(take()?.status).toBe(429);
  expect(take()?.headers['retry-after']).toBe('2');
  now = 1_999;
  expect(take()?.headers['retry-after']).toBe('1');
  now = 2_000;
  expect(take()).toBeUndefined();
  expect(take()?.status).toBe(429);
});

test('a bucket never holds more than its burst', () => {
  let now = 0;
  const limiter = createRateLimiter({ burst: 2, perSecond: 1 }, () => now);
  limiter.take('a');
  now = 3_600_000;
  limiter.take('a');
  limiter.take('a');
  expect(limiter.wait('a')).toBe(1);
});

test('one visitor who floods does not slow another', () => {
  const limiter = createRateLimiter({ burst: 1, perSecond: 1 }, () => 0);
  limiter.take('a');
  expect(limiter.wait('a')).toBe(1);
  expect(limiter.wait('b')).toBe(0);
});

test('where one layer refuses, no other layer is charged', () => {
  const own = createRateLimiter({ burst: 1, perSecond: 1 }, () => 0);
  const all = createRateLimiter({ burst: 2, perSecond: 0.1 }, () => 0);
  const take = (key: string): HttpError | undefined =>
    refusalOf(() =>
      takeFromAll([
        [own, key],
        [all, 'all'],
      ]),
    );
  expect(take('a')).toBeUndefined();
  expect(take('a')?.status).toBe(429);
  expect(take('b')).toBeUndefined();
  expect(take('c')?.headers['retry-after']).toBe('10');
});

test('who has been gone for so long that the bucket is full again is not remembered', () => {
  let now = 0;
  const limiter = createRateLimiter({ burst: 2, perSecond: 1 }, () => now, 2);
  limiter.take('gone');
  now = 1_500;
  limiter.take('a');
  limiter.take('b');
  expect(['gone', 'a', 'b'].map((key) => limiter.wait(key))).toEqual([0, 0, 0]);
  limiter.take('a');
  limiter.take('b');
  // Had the one who is gone taken a place, the first of these two would have been forgotten.
  expect(['a', 'b'].map((key) => limiter.wait(key) > 0)).toEqual([true, true]);
});

test('a million addresses do not fill the memory: the ones unused for longest are forgotten', () => {
  const limiter = createRateLimiter({ burst: 1, perSecond: 0.001 }, () => 0, 3);
  for (const key of ['a', 'b', 'c']) limiter.take(key);
  limiter.take('a');
  limiter.take('d');
  expect(['a', 'b', 'c', 'd'].map((key) => limiter.wait(key) > 0)).toEqual([true, false, true, true]);
});

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['2001:db8:1:2:aaaa:bbbb:cccc:dddd', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
])('the address %s is limited as %s', (address, key) => {
  expect(addressKey(address)).toBe(key);
});
