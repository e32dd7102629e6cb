/**
 * Run by kill-at-storage.test.ts in a process of its own: `node book-until-killed DATABASE DELIVERED KILL_AT`. Sends the
 * messages of one booking, each with an id that is the same at every run, delivers the notice into the file DELIVERED,
 * and kills itself (SIGKILL) just before its KILL_AT-th SQL statement; with 0 it comes to the end and says so.
 */
import BetterSqlite3 from 'better-sqlite3';
import { appendFileSync } from 'node:fs';
import { DateTime } from 'luxon';
import { bookingDialog } from '../../dialogs/booking-dialog';
import { createAnswerFinder } from '../../src/answers/find-answer';
import { EnquiryBot } from '../../src/bot/enquiry-bot';
import { createTurns } from '../../src/bot/turn';
import { buttonMeanings } from '../../src/conversation/compose-replies';
import { makeSay } from '../../src/conversation/say';
import { createOutbox } from '../../src/notify/outbox';
import { openDatabase } from '../../src/storage/open-database';
import { createOutboxStore } from '../../src/storage/outbox-store';
import { createTurnStore } from '../../src/storage/turn-store';
import { smallClinic } from '../support/small-clinic';
import { shippedWording } from '../support/shipped-wording';

const MESSAGES = ["I'm Ann Lee, 410 555 0134, I want to book for friday at 4pm", 'yes', 'skip', 'yes'];
const [url = '', delivered = '', killAt = '0'] = process.argv.slice(2);

void bookUntilKilled();

async function bookUntilKilled(): Promise<void> {
  const database = await openDatabase(url);
  killBefore(Number(killAt));
  const knowledge = smallClinic({ wording: shippedWording });
  const finder = createAnswerFinder(knowledge);
  const say = makeSay(knowledge.wording);
  const now = DateTime.fromISO('2026-03-02T10:00', { zone: knowledge.clinic.timeZone });
  const bot = new EnquiryBot({
    loaded: () => ({
      knowledge,
      entries: new Map(knowledge.entries.map((entry) => [entry.id, entry])),
      say,
      buttons: buttonMeanings(say),
      decide: (text, context) => finder.decide(text, context),
    }),
    booking: bookingDialog,
    now: () => now,
    newReference: () => `SA-${process.pid}`,
    newReceipt: () => `ER-${process.pid}`,
  });
  const outbox = createOutbox({
    store: createOutboxStore(database),
    senders: {
      notice: {
        send: async ({ idempotencyKey }) => {
          appendFileSync(delivered, `${idempotencyKey}\n`);
          return { outcome: 'sent' };
        },
      },
    },
    clock: () => now.toJSDate(),
    random: Math.random,
    log: console,
  });
  await outbox.start();
  const turns = createTurns({
    store: createTurnStore(database, ['notice']),
    bot,
    botName: () => 'assistant',
    clock: () => now.toJSDate(),
    onError: (error) => console.error(error),
  });
  for (const [index, text] of MESSAGES.entries()) {
    await turns.handle({
      conversationId: 'c1',
      channel: 'directline',
      userId: 'dl_ann',
      sender: 'her address',
      incomingId: `message-${index}`,
      activity: { type: 'message', text },
    });
  }
  outbox.wake();
  await outbox.idle();
  await outbox.close();
  await database.close();
  console.log('done');
}

/** BEGIN, COMMIT and savepoints go through `exec`, everything else is run or read by a statement. */
function killBefore(call: number): void {
  let calls = 0;
  const count = () => {
    calls++;
    if (calls === call) process.kill(process.pid, 'SIGKILL');
  };
  const memory = new BetterSqlite3(':memory:');
  const statements: object = Object.getPrototypeOf(memory.prepare('select 1'));
  memory.close();
  for (const [prototype, names] of [
    [BetterSqlite3.prototype, ['exec']],
    [statements, ['run', 'all', 'get']],
  ] as const)
    for (const name of names) {
      const real: (this: unknown, ...given: unknown[]) => unknown = Reflect.get(prototype, name);
      Reflect.set(prototype, name, function (this: unknown, ...given: unknown[]) {
        count();
        return real.apply(this, given);
      });
    }
}
