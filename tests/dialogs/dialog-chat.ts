import { readFileSync } from 'node:fs';
import path from 'node:path';
import { DateTime } from 'luxon';
import { parse } from 'yaml';
import type { BookingBegin } from '../../dialogs/booking-dialog';
import { bookingDialog } from '../../dialogs/booking-dialog';
import type { BookingState } from '../../dialogs/booking-state';
import type { DialogContext, DialogTurn } from '../../dialogs/dialog';
import type { Clinic } from '../../src/answers/knowledge';
import type { BookingRequest } from '../../src/booking/booking-request';
import type { Reply } from '../../src/conversation/reply';
import { makeSay } from '../../src/conversation/say';

/** The shipped sentences. */
export const shippedWording: ReadonlyMap<string, string> = new Map(
  sentences(parse(readFileSync(path.resolve(__dirname, '../../knowledge/wording.yaml'), 'utf8')), ''),
);

function sentences(value: unknown, key: string): [string, string][] {
  if (typeof value === 'string') return [[key, value.trim()]];
  return Object.entries(value as object).flatMap(([name, each]) =>
    sentences(each, key ? `${key}.${name}` : name),
  );
}

export const say = makeSay(shippedWording);

export function testClinic(filledIn: Partial<Clinic> = {}): Clinic {
  return {
    name: 'Scalp Allure',
    location: 'Maryland, USA',
    timeZone: 'America/New_York',
    country: 'US',
    details: new Map(),
    unknown: [],
    consent: {
      version: '2026-11-01',
      text: 'The clinic keeps your name and contact details to answer you. Is that all right?',
    },
    privacyUrl: '',
    retention: { unfinishedChats: 30, transcripts: 180, requests: 730 },
    contactWithinHours: 24,
    ...filledIn,
  };
}

/** Monday, March 2, 2026, ten in the morning, unless told. */
export function testContext(clinic: Partial<Clinic> = {}, now = '2026-03-02T10:00'): DialogContext {
  const filledIn = testClinic(clinic);
  return {
    now: DateTime.fromISO(now, { zone: filledIn.timeZone }),
    clinic: filledIn,
    say,
    newReference: () => 'SA-7K4QX',
  };
}

/** The dialog alone, to be read like a transcript: what the visitor sends, and what the bot then says. */
export class DialogChat {
  turn: DialogTurn<BookingState>;

  constructor(
    begin: Partial<BookingBegin> = {},
    readonly context: DialogContext = testContext(),
  ) {
    this.turn = bookingDialog.begin({ kind: 'consultation', said: 'I want to book', ...begin }, context);
  }

  /** Sends messages one after the other; state goes through JSON as it does in the database. */
  visitor(...messages: string[]): this {
    for (const message of messages) {
      if (!this.turn.state) throw new Error(`The dialog was over before "${message}".`);
      const state = bookingDialog.revive(JSON.parse(JSON.stringify(this.turn.state)));
      if (!state)
        throw new Error(`The state before "${message}" cannot be read: ${JSON.stringify(this.turn.state)}`);
      this.turn = bookingDialog.continue(state, message, this.context);
    }
    return this;
  }

  /** Expects the sentence of this key among what the bot just said, in that form. */
  bot(key: string, places: Record<string, string> = {}): this {
    expect(this.said()).toContain(say(key, places));
    return this;
  }

  said(): string {
    return this.turn.replies.map((reply) => reply.text).join('\n\n');
  }

  get state(): BookingState {
    if (!this.turn.state) throw new Error('The dialog is over.');
    return this.turn.state;
  }

  get request(): BookingRequest {
    if (!this.turn.request) throw new Error(`No request was made. The bot said: ${this.said()}`);
    return this.turn.request;
  }

  get lastReply(): Reply {
    const reply = this.turn.replies.at(-1);
    if (!reply) throw new Error('The bot said nothing.');
    return reply;
  }
}
