import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import {
  closeAzures,
  connectorToken,
  facebookActivity,
  startAzure,
  startMetadata,
} from '../../support/start-azure';
import { type FakeGraph, signatureOf, startFakeGraph } from '../../support/fake-graph';
import { textsOf } from '../../support/messenger-chat';
import { closeMessengers, startMessenger } from '../../support/start-messenger';

/** Every shape of event that the webhook can bring (messenger.md D.1), as Meta sends it, byte for byte. */
const FOLDER = path.join(__dirname, 'events');
/** A moment after the events. */
const NOW = 1775052001000;

interface Expected {
  /** What the person reads, in all; nothing unless told. */
  reads?: RegExp;
  /** The visitor's lines and the events in the transcript. */
  keeps?: string[];
  review?: string;
  /** What staff read of the page itself. */
  note?: RegExp;
  status?: number;
  /** A call to Meta besides messages. */
  calls?: string;
}

const ANSWER = /3 to 5 hours/;
const ONLY_TEXT = /only read text/;
const WELCOME = /automated assistant[\s\S]*book a consultation/;
const QUESTION = 'how long does one session take?';
const FILE = { reads: ONLY_TEXT, keeps: [''] };
const PERSON: Expected = { keeps: ['person-joined'], review: 'person-joined' };

const EVENTS: Record<string, Expected> = {
  text: { reads: ANSWER, keeps: [QUESTION] },
  'text-escaped': { reads: /./, keeps: ['Wie lange hält das? 👍'], review: 'unanswered' },
  'text-reply-to': { reads: ANSWER, keeps: [QUESTION] },
  'text-with-link-preview': { reads: ANSWER, keeps: [QUESTION] },
  'quick-reply': { reads: ANSWER, keeps: ['How long does one session take?'] },
  'quick-reply-phone': { reads: /note|details/, keeps: ['+14105550134'] },
  'quick-reply-email': { reads: /note|details/, keeps: ['ann@example.com'] },
  'get-started': { reads: WELCOME, keeps: ['start'] },
  'get-started-from-link': { reads: WELCOME, keeps: ['start'] },
  'postback-menu': { reads: /You can:/, keeps: ['help'] },
  'postback-without-mid': { reads: ANSWER, keeps: ['How long does one session take?'] },
  'postback-of-another-tool': { reads: ANSWER, keeps: ['How long does one session take?'] },
  sticker: { reads: /welcome|glad|pleasure|happy/i, keeps: ['👍'] },
  'sticker-as-image': { reads: /welcome|glad|pleasure|happy/i, keeps: ['👍'] },
  'attachment-image': FILE,
  'attachment-audio': FILE,
  'attachment-video': FILE,
  'attachment-file': FILE,
  'attachment-reel': FILE,
  'attachment-ig-reel': FILE,
  'attachment-several-images': FILE,
  'attachment-appointment': FILE,
  'attachment-of-tomorrow': FILE,
  deleted: {},
  edit: { keeps: [QUESTION] },
  reaction: { keeps: ['reaction'] },
  'reaction-taken-back': {},
  read: {},
  delivery: {},
  'opt-in-plugin': { reads: WELCOME, keeps: ['start'] },
  'opt-in-notification': {},
  'referral-link': { reads: WELCOME, keeps: ['start'] },
  'referral-ad': { reads: WELCOME, keeps: ['start'] },
  'echo-of-ours': {},
  'echo-of-our-app': {},
  'echo-from-the-inbox': PERSON,
  'echo-from-the-other-inbox-id': PERSON,
  'echo-without-app': PERSON,
  'thread-passed-to-us': { keeps: ['person-left'] },
  'thread-passed-to-another': PERSON,
  'thread-taken': PERSON,
  'thread-requested': { calls: '1050/pass_thread_control' },
  'standby-text': { keeps: [QUESTION] },
  'standby-postback': { keeps: ['Session length'] },
  'standby-echo': PERSON,
  'feedback-good': { keeps: ['feedback'] },
  // Nobody knows which message it is about; conversation.test has one whose echo has told.
  'feedback-bad': { keeps: ['feedback'] },
  'policy-warning': { note: /warning/ },
  'policy-block': { note: /block.*spam/ },
  'unknown-event': {},
  'malformed-beside-a-good-one': { reads: ANSWER, keeps: [QUESTION] },
  'two-entries': { reads: /3 to 5 hours[\s\S]*sessions/, keeps: [QUESTION, 'how many sessions do i need?'] },
  'another-page': {},
  'page-field-without-messages': {},
  instagram: { status: 404 },
};

let graph: FakeGraph;
beforeEach(async () => void (graph = await startFakeGraph()));
afterEach(async () => {
  await closeMessengers();
  await closeAzures();
  await graph.close();
});

test('each file has its row, and each row its file', () => {
  expect(readdirSync(FOLDER).sort()).toEqual(
    Object.keys(EVENTS)
      .map((name) => `${name}.json`)
      .sort(),
  );
});

interface Body {
  entry: { id: string; messaging?: MetaItem[]; standby?: MetaItem[] }[];
}
type MetaItem = {
  sender?: { id: string };
  recipient: { id: string };
  timestamp: number;
  message?: { text?: string };
};

async function keptIn(database: Awaited<ReturnType<typeof startAzure>>['database']) {
  const rows = await database.kysely
    .selectFrom('activities')
    .select(['text', 'type', 'activity'])
    .where('role', '=', 'user')
    .orderBy('sequence')
    .execute();
  const lines = rows.map(({ text, type, activity }) =>
    type === 'event' ? (JSON.parse(activity) as { name: string }).name : (text ?? ''),
  );
  const conversation = await database.kysely.selectFrom('conversations').selectAll().executeTakeFirst();
  return { lines, review: conversation?.review ?? null, userId: conversation?.user_id };
}

test.each(Object.entries(EVENTS))('%s', async (name, expected) => {
  const bytes = readFileSync(path.join(FOLDER, `${name}.json`));
  const body = JSON.parse(bytes.toString()) as Body;
  const service = await startMessenger({ graph, start: NOW });
  graph.heard(body.entry.flatMap(({ messaging = [], standby = [] }) => [...messaging, ...standby]));
  const before = graph.delivered.length;
  const answer = await fetch(`${service.url}/webhooks/messenger`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': signatureOf(bytes) },
    body: new Uint8Array(bytes),
  });
  expect(answer.status).toBe(expected.status ?? 200);
  await service.settle();
  expectRead(textsOf(graph.delivered.slice(before)), expected);
  const kept = await keptIn(service.database);
  expect(kept.lines).toEqual(expected.keeps ?? []);
  expect(kept.review).toBe(expected.review ?? null);
  const notes = (await service.health.lines()).join();
  if (expected.note) expect(notes).toMatch(expected.note);
  else expect(notes).toBe('');
  if (expected.calls) expect(graph.calls.at(-1)?.path).toBe(expected.calls);
});

function expectRead(texts: string[], { reads }: Expected): void {
  if (reads) expect(texts.join('\n')).toMatch(reads);
  else expect(texts).toEqual([]);
}

/** What Azure does not hand on, or what is not about a conversation. */
const NOT_ON_AZURE = /^(policy|another-page|page-field|instagram|malformed|thread-requested)/;

describe('through Azure the same event means the same', () => {
  let metadata: Awaited<ReturnType<typeof startMetadata>>;
  beforeAll(async () => void (metadata = await startMetadata()));
  afterAll(() => metadata.close());

  test.each(Object.entries(EVENTS).filter(([name]) => !NOT_ON_AZURE.test(name)))(
    '%s',
    async (name, expected) => {
      const body = JSON.parse(readFileSync(path.join(FOLDER, `${name}.json`), 'utf8')) as Body;
      const azure = await startAzure({ metadataUrl: metadata.url, start: NOW });
      const activities = body.entry
        .flatMap(({ messaging = [], standby = [] }) => [
          ...messaging.map((item) => ({ item, channelData: item as object, type: 'message' })),
          ...standby.map((item) => ({ item, channelData: { standby: [item] }, type: 'event' })),
        ])
        .sort((one, other) => one.item.timestamp - other.item.timestamp);
      for (const { item, channelData, type } of activities) {
        const status = await azure.post(
          facebookActivity({
            type,
            from: item.sender,
            recipient: item.recipient,
            timestamp: new Date(item.timestamp).toISOString(),
            ...(type === 'message' && { text: item.message?.text }),
            channelData,
          }),
          connectorToken(),
        );
        expect(status).toBe(200);
      }
      expectRead(textsOf(azure.connector.delivered), expected);
      const kept = await keptIn(azure.database);
      expect(kept.lines).toEqual(expected.keeps ?? []);
      expect(kept.review).toBe(expected.review ?? null);
      if (kept.lines.length > 0) expect(kept.userId).toBe('77');
    },
  );
});
