import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { Decision } from '../answers/decision';
import type { ConsoleRequest, ConsoleRoute } from './guard';
import { notFound } from './guard';
import type { LiveEvent, LivePages } from './live';
import { assignees } from './assignees';
import { About, ReviewCard, TranscriptLines } from './pages/conversation-page';
import { toReviewOf, type Frame } from './pages/layout';
import { partsOfRequest, type RequestView } from './pages/request-page';
import { SpeakPanel } from './pages/speak-panel';
import { whyNot } from './permissions';
import type { ConversationReading, RequestReading, Review, StaffAccounts } from './ports';
import { numberIn } from './query';
import type { ReadRequest } from './read-request';
import type { Sessions, StaffMember } from './sessions';
import { isThere, type Speech } from './speech';

const REQUEST = '/staff/requests/:reference/live';
const REVEALED_REQUEST = '/staff/requests/:reference/revealed/live';

/** More than this in one go, and the page is loaded anew instead. */
const LINES_AT_ONCE = 50;

/** Streams of what happens while a page is open: what waits, and what is said in a conversation. */
export function liveRoutes(parts: {
  live: LivePages;
  sessions: Sessions;
  accounts: StaffAccounts;
  review: Review;
  speech: Speech;
  clock: () => Date;
  randomBytes: (bytes: number) => Buffer;
  answerNow: (text: string) => Decision;
  readRequest: ReadRequest;
  frameOf: (member: StaffMember) => Promise<Frame>;
}): ConsoleRoute[] {
  const { live, sessions, accounts, review, speech, clock, randomBytes, answerNow, readRequest, frameOf } =
    parts;

  /** Not counted as something that the member did: an open page keeps nobody signed in. */
  const stillAllowed = (request: ConsoleRequest, route: string) => async () => {
    const member = await sessions.stillOpen(request);
    return member !== undefined && whyNot(member, route) === undefined ? member : undefined;
  };

  const countsFor = (frame: Frame): LiveEvent => ({
    name: 'counts',
    data: { toReview: toReviewOf(frame.waiting), newRequests: frame.waiting.newRequests },
  });

  async function watch(request: ConsoleRequest, member: StaffMember) {
    return live.open({
      email: member.email,
      conversationId: undefined,
      stillAllowed: stillAllowed(request, 'GET /staff/live'),
      news: async (now) => [countsFor(await frameOf(now))],
    });
  }

  async function follow(request: ConsoleRequest, member: StaffMember) {
    const { id = '' } = request.params;
    const seen = request.headers['last-event-id'] ?? request.query.get('after');
    const after = numberIn(typeof seen === 'string' ? seen : null);
    if (after === undefined || (await review.conversation(id, 1)) === undefined) return notFound();
    const by = { at: clock().toISOString(), actor: member.email };
    await accounts.audit({ ...by, action: 'follow', subject: `conversation:${id}` });
    const news = newsOf(id, after);
    return live.open({
      email: member.email,
      conversationId: id,
      stillAllowed: stillAllowed(request, 'GET /staff/conversations/:id/live'),
      async news(now, about) {
        const frame = await frameOf(now);
        return [countsFor(frame), ...(about === 'all' ? await news(frame) : [])];
      },
    });
  }

  /** The lines behind the last one sent, and the parts of the page that have changed with them. */
  function newsOf(id: string, after: number): (frame: Frame) => Promise<LiveEvent[]> {
    let sent = after;
    let state: string | undefined;
    return async (frame) => {
      const reading = await review.conversation(id, LINES_AT_ONCE);
      if (reading === undefined) return [{ name: 'over', data: {} }];
      const reach = await speech.reach(reading);
      const lines = reading.lines.filter(({ sequence }) => sequence > sent);
      const before = state;
      state = stateOf(reading, frame, reach);
      if (lines.length === 0 && before === state) return [];
      const hasGap = reading.lastSequence - sent > lines.length;
      sent = reading.lastSequence;
      const speak = {
        reach,
        ownName: speech.nameOf(frame.member),
        once: randomBytes(16).toString('base64url'),
      };
      const data = {
        reload: hasGap,
        lines: html(<TranscriptLines lines={lines} frame={frame} answerNow={answerNow} />),
        parts: {
          review: html(<ReviewCard frame={frame} conversation={reading} />),
          speak: html(<SpeakPanel frame={frame} conversation={reading} {...speak} />),
          about: html(<About frame={frame} conversation={reading} staff={await assignees(accounts)} />),
        },
      };
      // At first only what has changed since the page was loaded, or while it was out of sight.
      if (lines.length === 0) return [{ name: 'parts', data: { parts: data.parts } }];
      return [{ name: 'news', data, id: sent }];
    };
  }

  /** `revealed`: of the page that shows contact details, for as long as its reader may see them. */
  async function followRequest(request: ConsoleRequest, member: StaffMember, revealed = false) {
    const view = await readRequest(request.params.reference ?? '', member, revealed);
    if (view === undefined) return notFound();
    const { reference, conversationId } = view.reading;
    const by = { at: clock().toISOString(), actor: member.email };
    // Not another reveal: the page that opens this has been written down as one.
    const action = revealed ? 'follow-revealed' : 'follow';
    await accounts.audit({ ...by, action, subject: `request:${reference}` });
    const news = newsOfRequest(reference, revealed);
    return live.open({
      email: member.email,
      conversationId,
      stillAllowed: stillAllowed(request, `GET ${revealed ? REVEALED_REQUEST : REQUEST}`),
      async news(now, about) {
        return [countsFor(await frameOf(now)), ...(about === 'all' ? await news(now) : [])];
      },
    });
  }

  /** The parts of a request's page, once each time that anything of it has changed. */
  function newsOfRequest(
    reference: string,
    revealed: boolean,
  ): (member: StaffMember) => Promise<LiveEvent[]> {
    let sent: { state: string; reading: RequestReading } | undefined;
    return async (member) => {
      const view = await readRequest(reference, member, revealed);
      if (view === undefined) return [{ name: 'over', data: {} }];
      const state = stateOfRequest(view);
      const before = sent;
      sent = { state, reading: view.reading };
      if (before?.state === state) return [];
      const parts = Object.entries(partsOfRequest(view)).map(([id, part]) => [id, html(part)]);
      const note = before && byTheVisitor(before.reading, view.reading);
      return [{ name: 'parts', data: { parts: Object.fromEntries(parts), note } }];
    };
  }

  return [
    { method: 'GET', path: '/staff/live', handle: watch },
    { method: 'GET', path: '/staff/conversations/:id/live', handle: follow },
    {
      method: 'GET',
      path: REQUEST,
      handle: (request, member) => followRequest(request, member),
    },
    {
      method: 'GET',
      path: REVEALED_REQUEST,
      handle: (request, member) => followRequest(request, member, true),
    },
  ];
}

/** What those parts say, besides the lines. */
function stateOf(reading: ConversationReading, frame: Frame, reach: object): string {
  return JSON.stringify([{ ...reading, lines: [] }, isThere(reading, frame.now), reach]);
}

/** Everything on a request's page that may change, the time at which it becomes overdue included. */
function stateOfRequest({ frame, reading, conversation, answer, staff }: RequestView): string {
  const isOverdue = frame.dueAt(reading.waitsSince) <= frame.now.toISOString();
  return JSON.stringify([reading, conversation, answer.reach, staff, isOverdue]);
}

/** What one who reads, or writes an answer, should be told of; undefined for what staff did. */
function byTheVisitor(before: RequestReading, now: RequestReading): string | undefined {
  if (before.revision === now.revision) return undefined;
  return now.status === 'withdrawn'
    ? 'The visitor has just withdrawn this request.'
    : 'The visitor has just changed this request.';
}

function html(content: VNode): string {
  return renderToString(content);
}
