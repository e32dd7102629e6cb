import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { setImmediate as nextInstant } from 'node:timers/promises';
import { createMailSender } from '../../src/notify/mail-sender';
import { createNoticeSenders } from '../../src/notify/notice-senders';
import type { NoticeParts } from '../../src/notify/notice-senders';
import { createOutbox } from '../../src/notify/outbox';
import type { BookingNotice, SendOutcome, TakenMessage } from '../../src/notify/ports';
import { createWebhookSender, webhookSignature } from '../../src/notify/webhook-sender';
import { openDatabase } from '../../src/storage/open-database';
import { createOutboxStore } from '../../src/storage/outbox-store';
import { createTurnStore } from '../../src/storage/turn-store';
import { type MailServer, startMailServer } from '../support/mail-server';
import { dataFolder } from '../support/start-service';

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const NOW = new Date('2026-03-02T15:00:00.000Z');
const clock = () => NOW;

const NOTICE: BookingNotice = {
  change: 'new',
  reference: 'SA-7K4Q2',
  revision: 0,
  conversationId: 'c1',
  channel: 'directline',
  at: '2026-03-02T15:00:00.000Z',
  request: {
    reference: 'SA-7K4Q2',
    kind: 'consultation',
    name: 'Ann Quillfeather',
    phone: { e164: '+14105550134', extension: '7', typed: '410 555 0134 x7' },
    email: 'ann@mail.test',
    wish: { typed: 'friday 4pm', zone: 'America/New_York', words: 'Friday, March 6 at 4 pm' },
    note: 'please call\nReference: SA-OTHER',
    consent: { text: 'Yes', version: '1', at: '2026-03-02T15:00:00.000Z' },
  },
};

function message(notice: BookingNotice = NOTICE, attempts = 0): TakenMessage {
  return {
    id: 1,
    kind: 'notice',
    payload: notice,
    idempotencyKey: 'notice:SA-7K4Q2:0',
    orderKey: undefined,
    attempts,
    createdAt: NOW,
    takenUntil: NOW,
  };
}

const never = new AbortController().signal;

function senders(parts: Partial<NoticeParts>) {
  return createNoticeSenders({
    mail: undefined,
    webhook: undefined,
    clinic: () => ({ name: 'Scalp Allure' }),
    linkTo: (reference) => `https://bot.example.com/staff/requests/${reference}`,
    clock,
    log,
    ...parts,
  });
}

describe('the e-mail to staff', () => {
  let server: MailServer;
  beforeEach(async () => {
    server = await startMailServer();
  });
  afterEach(() => server.close());

  async function sendNotice(
    notice: BookingNotice,
    clinic: { name: string; notify?: { personalData: boolean } },
  ): Promise<SendOutcome | undefined> {
    const mail = {
      smtpUrl: server.url,
      from: 'Bot <bot@clinic.test>',
      to: ['desk@clinic.test', 'ann@clinic.test'],
    };
    return senders({ mail, clinic: () => clinic })['notice-mail']?.send(message(notice), never);
  }

  async function attempt(patienceMs = 10_000): Promise<SendOutcome> {
    const sender = createMailSender(
      { smtpUrl: server.url, from: 'bot@clinic.test', log, patienceMs },
      () => ({ to: ['desk@clinic.test'], subject: 'x', text: 'y' }),
    );
    return sender.send(message(), never);
  }

  test('holds the reference and a link, and nothing about the person', async () => {
    expect(await sendNotice(NOTICE, { name: 'Scalp Allure' })).toEqual({ outcome: 'sent' });
    const [letter] = server.letters;
    expect(letter?.subject).toBe('New booking request: SA-7K4Q2');
    expect(letter?.text).toContain('https://bot.example.com/staff/requests/SA-7K4Q2');
    const whole = JSON.stringify([...(letter?.headerLines ?? []), letter?.text, letter?.html]);
    for (const personal of ['Ann', 'Quill', '5550134', '555', 'mail.test', 'Friday', 'please call'])
      expect(whole.replace(/ann@clinic\.test/g, '')).not.toContain(personal);
  });

  test('says who wrote where the clinic has switched that on; answering it answers the visitor', async () => {
    await sendNotice(NOTICE, { name: 'Scalp Allure', notify: { personalData: true } });
    const [letter] = server.letters;
    expect(letter?.text).toContain('Name: Ann Quillfeather');
    expect(letter?.text).toContain('Phone: +14105550134 ext. 7');
    expect(letter?.text).toContain('E-mail: ann@mail.test');
    expect(letter?.text).toContain('Wish: Friday, March 6 at 4 pm');
    expect(letter?.replyTo?.value[0]?.address).toBe('ann@mail.test');
  });

  test('what a visitor wrote cannot add a line or a header of its own', async () => {
    const name = 'Ann\r\nBcc: everybody@evil.test\r\n\r\nReference: SA-FALSE';
    await sendNotice(
      { ...NOTICE, request: { ...NOTICE.request, name } },
      { name: 'Scalp Allure', notify: { personalData: true } },
    );
    const [letter] = server.letters;
    expect(letter?.bcc).toBeUndefined();
    expect(letter?.text?.match(/^Reference:/gm)).toHaveLength(1);
  });

  test.each([
    ['changed', 'Booking request changed: SA-7K4Q2'],
    ['withdrawn', 'Booking request withdrawn: SA-7K4Q2'],
  ] as const)('a request that was %s says so', async (change, subject) => {
    await sendNotice({ ...NOTICE, change }, { name: 'Scalp Allure' });
    expect(server.letters[0]?.subject).toBe(subject);
  });

  test('has the same Message-ID at every attempt', async () => {
    await attempt();
    await attempt();
    const ids = server.letters.map(({ messageId }) => messageId);
    expect(ids[0]).toMatch(/^<[0-9a-f]{32}@clinic\.test>$/);
    expect(ids[1]).toBe(ids[0]);
  });

  test.each([
    ['busy', 'retry'],
    ['refuse', 'dead'],
    ['drop', 'retry'],
    ['no-entry', 'stop-all'],
  ] as const)('a server that answers %s means: %s', async (fault, outcome) => {
    server.fault = fault;
    expect(await attempt()).toMatchObject({ outcome });
  });

  test.each(['smtps', 'starttls'] as const)(
    'a server that shows a certificate of its own making is told nothing, and the letter waits (%s)',
    async (tls) => {
      const impostor = await startMailServer(tls);
      const sender = createMailSender({ smtpUrl: impostor.url, from: 'bot@clinic.test', log }, () => ({
        to: ['desk@clinic.test'],
        subject: 'x',
        text: 'y',
      }));
      expect(await sender.send(message(), never)).toMatchObject({ outcome: 'retry' });
      expect(impostor).toMatchObject({ letters: [], signIns: 0 });
      await impostor.close();
    },
  );

  test('a server that hangs is left alone after a while', async () => {
    server.fault = 'hang';
    expect(await attempt(100)).toMatchObject({ outcome: 'retry' });
  });

  test('a server that is not there is tried again', async () => {
    await server.close();
    expect(await attempt()).toMatchObject({ outcome: 'retry' });
    server = await startMailServer();
  });

  test('mail that was down for two days is delivered when it is back, also after a restart', async () => {
    const data = dataFolder();
    const url = `sqlite:${path.join(data.folder, 'test.db')}`;
    let now = NOW.getTime();
    const parts = (store: ReturnType<typeof createOutboxStore>) => ({
      store,
      senders: senders({ mail: { smtpUrl: server.url, from: 'bot@clinic.test', to: ['desk@clinic.test'] } }),
      clock: () => new Date(now),
      random: () => 1,
      log,
    });
    server.fault = 'busy';
    let database = await openDatabase(url);
    await createTurnStore(database, ['notice-mail']).commit({
      conversation: { id: 'c1', channel: 'directline', userId: 'u' },
      lastSequence: 0,
      incomingId: randomUUID(),
      incoming: {
        conversationId: 'c1',
        sequence: 1,
        activity: { id: 'c1|1', type: 'message', text: 'send it' },
      },
      outgoing: [],
      state: '{}',
      request: NOTICE.request,
      at: NOW.toISOString(),
    });
    const before = createOutbox(parts(createOutboxStore(database)));
    for (let hour = 0; hour < 48; hour += 12) {
      before.wake();
      await before.idle();
      now += 12 * 3_600_000;
    }
    await before.close();
    await database.close();
    expect(server.letters).toHaveLength(0);

    server.fault = 'none';
    database = await openDatabase(url);
    const after = createOutbox(parts(createOutboxStore(database)));
    await after.start();
    await after.idle();
    await after.close();
    await database.close();
    data.remove();
    expect(server.letters.map(({ subject }) => subject)).toEqual(['New booking request: SA-7K4Q2']);
  });
});

describe('the webhook', () => {
  interface Hook {
    url: string;
    calls: { headers: IncomingMessage['headers']; body: string }[];
    close: () => Promise<void>;
  }

  async function startHook(answer: (response: ServerResponse) => void): Promise<Hook> {
    const calls: Hook['calls'] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        calls.push({ headers: request.headers, body });
        answer(response);
      });
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return {
      url: `http://127.0.0.1:${port}/hook`,
      calls,
      close: () => {
        server.closeAllConnections();
        return new Promise((resolve) => void server.close(() => resolve()));
      },
    };
  }

  /** In two steps: restify, loaded by another test of the process, makes `writeHead` return nothing. */
  function answerWith(response: ServerResponse, status: number, headers: Record<string, string>): void {
    response.writeHead(status, headers);
    response.end();
  }

  async function call(
    answer: (response: ServerResponse) => void,
    secret: string | undefined = 'shared secret',
  ) {
    const hook = await startHook(answer);
    const sender = senders({ webhook: { url: hook.url, secret } })['notice-webhook'];
    const outcome = await sender?.send(message(), never);
    await hook.close();
    return { outcome, calls: hook.calls };
  }

  test('brings the request, signed, with the time and an id that stays the same', async () => {
    const { outcome, calls } = await call((response) => response.end('ok'));
    expect(outcome).toEqual({ outcome: 'sent' });
    const [{ headers, body } = { headers: {}, body: '' }] = calls;
    expect(JSON.parse(body)).toEqual({
      type: 'request.new',
      reference: 'SA-7K4Q2',
      revision: 0,
      conversationId: 'c1',
      channel: 'directline',
      at: NOTICE.at,
      request: NOTICE.request,
      url: 'https://bot.example.com/staff/requests/SA-7K4Q2',
    });
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': 'notice:SA-7K4Q2:0',
      'webhook-timestamp': String(NOW.getTime() / 1000),
      'webhook-signature': webhookSignature(
        'shared secret',
        'notice:SA-7K4Q2:0',
        String(NOW.getTime() / 1000),
        body,
      ),
    });
  });

  test('signs as standardwebhooks.com has it', () => {
    // Their published example: https://github.com/standard-webhooks/standard-webhooks
    const secret = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64');
    const body = '{"test": 2432232314}';
    const expected = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
    expect(webhookSignature(secret, 'msg_p5jXN8AQM9LWM0D4loKWxJek', '1614265330', body)).toBe(expected);
  });

  test('without a secret there is no signature', async () => {
    const hook = await startHook((response) => response.end());
    await senders({ webhook: { url: hook.url, secret: undefined } })['notice-webhook']?.send(
      message(),
      never,
    );
    await hook.close();
    expect(hook.calls[0]?.headers['webhook-signature']).toBeUndefined();
  });

  test.each([
    [204, {}, { outcome: 'sent' }],
    [302, { location: 'http://127.0.0.1:9/' }, { outcome: 'stop-all' }],
    [400, {}, { outcome: 'dead' }],
    [401, {}, { outcome: 'stop-all' }],
    [404, {}, { outcome: 'stop-all' }],
    [429, { 'retry-after': '120' }, { outcome: 'retry', afterMs: 120_000 }],
    [500, {}, { outcome: 'retry' }],
    [503, { 'retry-after': 'Mon, 02 Mar 2026 15:10:00 GMT' }, { outcome: 'retry', afterMs: 600_000 }],
    [503, { 'retry-after': 'soon' }, { outcome: 'retry' }],
  ] as const)('an answer of %s %j means %j', async (status, headers, expected) => {
    const { outcome } = await call((response) => answerWith(response, status, headers));
    expect(outcome).toMatchObject(expected);
  });

  test('a redirect is not followed', async () => {
    const inner = await startHook((response) => response.end('secret'));
    const { calls } = await call((response) => answerWith(response, 307, { location: inner.url }));
    await inner.close();
    expect(calls).toHaveLength(1);
    expect(inner.calls).toHaveLength(0);
  });

  test('an endless answer is not read', async () => {
    let written = 0;
    const { outcome } = await call((response) => {
      const chunk = Buffer.alloc(65_536);
      const more = async () => {
        while (!response.destroyed) {
          written += chunk.length;
          if (!response.write(chunk))
            await new Promise((resolve) => response.once('drain', resolve).once('close', resolve));
          await nextInstant();
        }
      };
      void more();
    });
    expect(outcome).toEqual({ outcome: 'sent' });
    expect(written).toBeLessThan(16 * 1024 * 1024);
  });

  test('a receiver that hangs is left alone after 5 seconds', async () => {
    const started = performance.now();
    const { outcome } = await call(() => undefined);
    expect(outcome).toMatchObject({ outcome: 'retry' });
    expect(performance.now() - started).toBeLessThan(8_000);
  }, 15_000);

  test('a receiver that is not there is tried again; its address is not told', async () => {
    const hook = await startHook((response) => response.end());
    await hook.close();
    const outcome = await senders({ webhook: { url: `${hook.url}?key=secret`, secret: undefined } })[
      'notice-webhook'
    ]?.send(message(), never);
    expect(outcome).toEqual({ outcome: 'retry', reason: 'webhook: ECONNREFUSED' });
  });

  test.each([
    'http://hooks.example.com/x',
    'http://10.0.0.7/',
    'http://169.254.169.254/',
    'ftp://127.0.0.1/',
  ])('an address such as %s is refused', (url) => {
    expect(() => createWebhookSender({ url, secret: undefined, clock }, () => ({}))).toThrow('https');
  });
});
