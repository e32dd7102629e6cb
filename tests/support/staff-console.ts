import { randomBytes } from 'node:crypto';
import type { Decision } from '../../src/answers/decision';
import { receiptCode } from '../../src/booking/reference-code';
import type { BookingRequest } from '../../src/booking/booking-request';
import type { ReviewReason } from '../../src/bot/ports';
import { createHttpServer } from '../../src/http/create-server';
import { createStaffConsole } from '../../src/staff/console';
import type { StaffConsoleParts } from '../../src/staff/console';
import { hashPassword } from '../../src/staff/password';
import type { Role } from '../../src/staff/ports';
import { shippedKnowledge } from './shipped-knowledge';
import type { Database } from '../../src/storage/open-database';
import { createInsightStore } from '../../src/storage/insight-store';
import { createPersonalData } from '../../src/storage/personal-data';
import { createReviewStore } from '../../src/storage/review-store';
import { createStaffStore } from '../../src/storage/staff-store';
import { createTeachingStore } from '../../src/storage/teaching-store';
import { createTurnStore } from '../../src/storage/turn-store';

export const PASSWORD = 'violet harbour teaspoon 9';

/** The real console behind the real web server, with a clock that the test moves. */
export async function startConsole(database: Database, settings: Partial<StaffConsoleParts> = {}) {
  let now = Date.parse('2026-03-02T15:00:00.000Z');
  const clock = () => new Date(now);
  const accounts = createStaffStore(database);
  const review = createReviewStore(database);
  const { routes, live } = createStaffConsole({
    accounts,
    review,
    clock,
    randomBytes,
    secureCookies: false,
    clinicZone: 'America/New_York',
    contactPromise: () => ({ hours: 24 }),
    calendarFile: (reference) => `https://bot.example.com/calendar/${reference}.ics`,
    answerNow: (text) => decisionOf(text),
    entries: () => [],
    data: createPersonalData(database),
    retention: () => ({ unfinishedChats: 30, transcripts: 180, requests: 730 }),
    newReceipt: () => receiptCode(randomBytes(16)),
    figures: createInsightStore(database),
    teachings: createTeachingStore(database),
    labelled: [],
    asksName: () => 'What name should I put down?',
    tryChange: async () => ({ before: [], after: [], asSureAsBefore: [] }),
    reloadKnowledge: async () => undefined,
    log: { info: () => undefined, warn: () => undefined, error: (fields) => console.error(fields) },
    speech: {
      turns: {
        handle: () => Promise.reject(new Error('Nobody writes to visitors in this test.')),
        subscribe: () => () => undefined,
      },
      reach: async () => ({ open: true, how: 'chat' }),
      say: () => shippedKnowledge().say,
      clinicName: () => 'Scalp Allure',
      mails: false,
    },
    ...settings,
  });
  const log = {
    info: () => undefined,
    warn: () => undefined,
    error: (fields: object) => console.error(fields),
  };
  const server = createHttpServer({ routes, upgrades: [], trustProxy: ['127.0.0.1'], log });
  const { port } = await server.listen(0, '127.0.0.1');
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    routes,
    accounts,
    review,
    clock,
    pass: (milliseconds: number) => void (now += milliseconds),
    close: () => {
      live.close();
      return server.close();
    },
    browser: (address = '203.0.113.7') => new StaffBrowser(url, address),
    /** An account whose password is quick to check, so that tests of other things do not wait for it. */
    async member(role: Role, email = `${role}@clinic.test`): Promise<StaffBrowser> {
      const password = await hashPassword(PASSWORD, { N: 2 ** 4, r: 1, p: 1 });
      await accounts.add({ email, role, password }, { at: clock().toISOString(), actor: 'test' });
      const browser = new StaffBrowser(url);
      const answer = await browser.signIn(email, PASSWORD);
      if (answer.status !== 303) throw new Error(`${email} could not sign in: ${answer.status}`);
      return browser;
    },
  };
}

export type StaffConsole = Awaited<ReturnType<typeof startConsole>>;

/** As much of a browser as the console needs: cookies, the headers of a form, and the token in it. */
export class StaffBrowser {
  readonly cookies = new Map<string, string>();
  csrf = '';

  constructor(
    private readonly url: string,
    private readonly address = '203.0.113.7',
  ) {}

  async get(path: string, headers: Record<string, string> = {}): Promise<StaffAnswer> {
    return this.ask('GET', path, undefined, headers);
  }

  /** Sends a form of our own page, with the token that the last page had. */
  async post(
    path: string,
    fields: Record<string, string>,
    headers: Record<string, string> = { origin: this.url, 'sec-fetch-site': 'same-origin' },
  ): Promise<StaffAnswer> {
    const form = new URLSearchParams({ csrf: this.csrf, ...fields }).toString();
    return this.ask('POST', path, form, {
      'content-type': 'application/x-www-form-urlencoded',
      ...headers,
    });
  }

  async signIn(email: string, password: string): Promise<StaffAnswer> {
    const answer = await this.post('/staff/sign-in', { email, password, next: '/staff' });
    if (answer.status === 303) await this.get('/staff');
    return answer;
  }

  private async ask(
    method: string,
    path: string,
    body: string | undefined,
    headers: Record<string, string>,
  ): Promise<StaffAnswer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(this.url + path, {
      method,
      redirect: 'manual',
      headers: {
        accept: 'text/html',
        'x-forwarded-for': this.address,
        ...(cookie && { cookie }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    });
    for (const set of response.headers.getSetCookie()) this.keep(set);
    // A stream of what happens goes on until one leaves: see live-page.ts.
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
    if (isStream) await response.body?.cancel();
    const text = isStream ? '' : await response.text();
    this.csrf = /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? this.csrf;
    return { status: response.status, text, headers: response.headers };
  }

  private keep(set: string): void {
    const [pair = '', ...attributes] = set.split('; ');
    const [name = '', value = ''] = pair.split('=');
    if (attributes.includes('Max-Age=0')) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

export interface StaffAnswer {
  status: number;
  text: string;
  headers: Headers;
}

/** What a visitor said, what was made of it, and the answer. */
export interface SeededTurn {
  said: string;
  replied?: string;
  decision?: Partial<Decision> & { step?: string; raises?: ReviewReason };
  review?: ReviewReason;
  errorId?: string;
  request?: BookingRequest;
  withdrawn?: string;
  offered?: string[];
}

/** Keeps a conversation through the turn store, as the bot does; the turns are a minute apart. */
export async function keepConversation(
  database: Database,
  conversation: {
    id: string;
    channel?: string;
    at: string;
    turns: SeededTurn[];
    state?: object;
    /** Of the newest activity that it has already. */
    lastSequence?: number;
  },
): Promise<void> {
  const store = createTurnStore(database, ['mail']);
  const { id, channel = 'directline' } = conversation;
  let sequence = conversation.lastSequence ?? 0;
  for (const [index, turn] of conversation.turns.entries()) {
    const at = new Date(Date.parse(conversation.at) + index * 60_000).toISOString();
    const incoming = {
      conversationId: id,
      sequence: sequence + 1,
      activity: { type: 'message', id: `${id}-${sequence + 1}`, text: turn.said },
    };
    const reply = {
      type: 'message',
      id: `${id}-${sequence + 2}`,
      text: turn.replied ?? 'Thank you.',
      ...(turn.offered && {
        suggestedActions: {
          to: [],
          actions: turn.offered.map((title) => ({ type: 'imBack', title, value: title })),
        },
      }),
    };
    await store.commit({
      conversation: { id, channel, userId: `user-of-${id}` },
      lastSequence: sequence,
      incomingId: `incoming-${sequence}`,
      incoming,
      outgoing: [{ conversationId: id, sequence: sequence + 2, activity: reply }],
      state: JSON.stringify(conversation.state ?? {}),
      at,
      ...(turn.decision && { decision: decisionOf(turn.said, turn.decision) }),
      ...(turn.review && { review: turn.review }),
      ...(turn.errorId && { errorId: turn.errorId }),
      ...(turn.request && { request: turn.request }),
      ...(turn.withdrawn && { withdrawn: turn.withdrawn }),
    });
    sequence += 2;
  }
}

export function decisionOf(
  text: string,
  given: Partial<Decision> & { step?: string; raises?: ReviewReason } = {},
) {
  return {
    text,
    decision: 'none' as const,
    entry: null,
    topic: null,
    confidence: 0.1,
    candidates: [],
    why: { corrections: [], phrasing: null, terms: [], unknownWords: [], sentence: '' },
    knowledgeVersion: 'abc123def456',
    step: 'answer',
    ...given,
  };
}

export function bookingRequest(changes: Partial<BookingRequest> = {}): BookingRequest {
  return {
    reference: 'SA-7K4Q2',
    kind: 'consultation',
    name: 'Jordan Miles',
    phone: { e164: '+14105550134', typed: '(410) 555 0134' },
    email: 'jordan@example.com',
    wish: { typed: 'thursday at 6', zone: 'America/New_York', words: 'Thursday, March 5 at 6 pm' },
    consent: {
      text: 'The clinic may keep what I tell it here to answer me.',
      version: '2026-01',
      at: '2026-03-02T14:00:00.000Z',
    },
    ...changes,
  };
}
