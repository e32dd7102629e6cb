import type { Decision } from '../answers/decision';
import type { LabelledQuestion } from '../answers/measure-answers';
import type { HttpResponse } from '../http/route';
import { clusterQuestions } from './cluster-questions';
import { notFound, page, seeOther } from './guard';
import type { ConsoleRequest, ConsoleRoute } from './guard';
import { maskText } from './masking';
import type { Frame } from './pages/layout';
import { TeachPage } from './pages/teach-page';
import { TeachPreviewPage } from './pages/teach-preview-page';
import type { Teachings } from './ports';
import type { StaffMember } from './sessions';
import { effectsOf, type TryChange } from './teaching-effect';

/** Open questions that are looked at, and how far back. */
const MOST_QUESTIONS = 1_000;
const DAYS_BACK = 90;
const LONGEST_PHRASE = 200;
const PHRASES_SHOWN = 50;
const DRAFTS_SHOWN = 20;

/** Open questions in groups, and the way from one of them to a phrase that is live. */
export function teachingRoutes(parts: {
  teachings: Teachings;
  answerNow: (text: string) => Decision;
  entries: () => { id: string; title: string }[];
  tryChange: TryChange;
  labelled: readonly LabelledQuestion[];
  /** Takes what was taught into use; resolves once the bot answers with it. */
  reload: () => Promise<void>;
  clock: () => Date;
  frameOf: (member: StaffMember) => Promise<Frame>;
}): ConsoleRoute[] {
  const { teachings, answerNow, entries, tryChange, labelled, reload, clock, frameOf } = parts;
  const by = (member: StaffMember) => ({ at: clock().toISOString(), actor: member.email });

  async function show({ query }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const since = new Date(clock().getTime() - DAYS_BACK * 86_400_000).toISOString();
    const questions = await teachings.openQuestions(since, MOST_QUESTIONS);
    const clusters = clusterQuestions(questions, answerNow, await settledQuestions());
    const phrases = await teachings.list(PHRASES_SHOWN);
    const drafts = await teachings.drafts(DRAFTS_SHOWN);
    const done = phrases.find(({ id }) => String(id) === query.get('done'));
    const frame = await frameOf(member);
    return page(
      200,
      <TeachPage {...{ frame, clusters, phrases, drafts, done, days: DAYS_BACK, entries: entries() }} />,
    );
  }

  /** Staff have said what these are, and still they get no answer. */
  async function settledQuestions(): Promise<string[]> {
    const taught = await teachings.list(MOST_QUESTIONS);
    const outOfScope = taught.filter(({ entry, removedAt }) => entry === null && removedAt === null);
    const drafted = (await teachings.openDrafts()).flatMap(({ phrasings }) => phrasings);
    return [...outOfScope.map(({ text }) => text), ...drafted];
  }

  async function preview({ query }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const text = phraseIn(query.get('text'));
    const frame = await frameOf(member);
    const entry = entryIn(query.get('entry'));
    if (text === '' || entry === undefined)
      return page(
        200,
        <TeachPreviewPage {...{ frame, text, entry, entries: entries(), effects: undefined }} />,
      );
    const effects = await effectsOf({ text, entry }, [text], { teachings, tryChange, labelled });
    return page(200, <TeachPreviewPage {...{ frame, text, entry, entries: entries(), effects }} />);
  }

  async function add({ form }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const text = phraseIn(form.get('text'));
    const entry = entryIn(form.get('entry'));
    if (text === '' || entry === undefined) return notFound();
    const id = await teachings.add({ text, entry }, by(member));
    await reload();
    return seeOther(`/staff/teach?done=${id}`);
  }

  async function takeBack({ params }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const id = /^\d{1,9}$/.test(params.id ?? '') ? Number(params.id) : undefined;
    const result = id === undefined ? 'unknown' : await teachings.takeBack(id, by(member));
    if (result === 'unknown') return notFound();
    await reload();
    return seeOther('/staff/teach');
  }

  /** Null is out of scope; undefined where no such entry is, or none was chosen yet. */
  function entryIn(given: string | null): string | null | undefined {
    if (given === OUT_OF_SCOPE) return null;
    return entries().find(({ id }) => id === given)?.id;
  }

  return [
    { method: 'GET', path: '/staff/teach', handle: show },
    { method: 'GET', path: '/staff/teach/preview', handle: preview },
    { method: 'POST', path: '/staff/teach', handle: add },
    { method: 'POST', path: '/staff/teach/:id/back', handle: takeBack },
  ];
}

/** In place of an entry's id, which never begins so. */
export const OUT_OF_SCOPE = '-out-of-scope';

/** A phrase outlives the visitor's own data: contact details in it are masked before it is kept. */
export function phraseIn(text: string | null): string {
  return maskText((text ?? '').replace(/\s+/g, ' ').trim().slice(0, LONGEST_PHRASE));
}
