import type { LabelledQuestion } from '../answers/measure-answers';
import type { HttpResponse } from '../http/route';
import { notFound, page, seeOther } from './guard';
import type { ConsoleRequest, ConsoleRoute } from './guard';
import { maskText } from './masking';
import { DraftPage } from './pages/draft-page';
import type { Frame } from './pages/layout';
import type { EntryDraft, Teachings } from './ports';
import { numberIn } from './query';
import type { StaffMember } from './sessions';
import { type Effects, effectsOf, type TryChange } from './teaching-effect';
import { phraseIn } from './teaching-routes';

const LONGEST_TITLE = 80;
const LONGEST_ANSWER = 1_000;
const MOST_PHRASINGS = 30;

/** Entries that staff propose: kept here, written into the knowledge folder by `npm run knowledge:merge`. */
export function draftRoutes(parts: {
  teachings: Teachings;
  entries: () => { id: string; title: string }[];
  clock: () => Date;
  tryChange: TryChange;
  labelled: readonly LabelledQuestion[];
  frameOf: (member: StaffMember) => Promise<Frame>;
}): ConsoleRoute[] {
  const { teachings, entries, clock, frameOf } = parts;
  const by = (member: StaffMember) => ({ at: clock().toISOString(), actor: member.email });

  async function begin({ query }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const phrasings = query.getAll('text').slice(0, MOST_PHRASINGS).map(phraseIn);
    const draft = { title: '', phrasings, answer: '' };
    return page(200, <DraftPage frame={await frameOf(member)} draft={draft} />);
  }

  async function open({ params }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const draft = (await teachings.openDrafts()).find(({ id }) => id === numberIn(params.id ?? ''));
    if (draft === undefined) return notFound();
    const kept = { id: draft.id, seen: seenOf(draft) };
    return page(200, <DraftPage frame={await frameOf(member)} draft={draft} kept={kept} />);
  }

  /** The form as it was sent, with what is wrong with it or with what it would change. */
  async function showAgain(
    { form }: ConsoleRequest,
    member: StaffMember,
    outcome: { problem: string } | { effects: Effects },
  ): Promise<HttpResponse> {
    const id = numberIn(form.get('id'));
    const kept = id === undefined ? undefined : { id, seen: form.get('seen') ?? '' };
    const draft = draftIn(form);
    const frame = await frameOf(member);
    // The knowledge does not know this entry yet.
    const titleOf = (entry: string) => (entry === draft.entry ? draft.title : frame.titleOf(entry));
    const content = <DraftPage frame={{ ...frame, titleOf }} draft={draft} kept={kept} {...outcome} />;
    return page('problem' in outcome ? 422 : 200, content);
  }

  async function tryOut(request: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const draft = draftIn(request.form);
    const problem = problemOf(draft) ?? (isInFolder(draft) ? TAKEN : undefined);
    if (problem !== undefined) return showAgain(request, member, { problem });
    return showAgain(request, member, { effects: await effectsOf(draft, draft.phrasings, parts) });
  }

  async function add(request: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const draft = draftIn(request.form);
    const problem = problemOf(draft) ?? ((await isAdded(draft, member)) ? undefined : TAKEN);
    return problem === undefined ? seeOther(DRAFTS) : showAgain(request, member, { problem });
  }

  async function isAdded(draft: Draft, member: StaffMember): Promise<boolean> {
    return !isInFolder(draft) && (await teachings.addDraft(draft, by(member))) === 'added';
  }

  async function change(request: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const id = numberIn(request.params.id ?? '');
    if (id === undefined) return notFound();
    const draft = draftIn(request.form);
    const problem = problemOf(draft) ?? (isInFolder(draft) ? TAKEN : undefined);
    if (problem !== undefined) return showAgain(request, member, { problem });
    const result = await teachings.changeDraft(id, draft, request.form.get('seen') ?? '', by(member));
    if (result === 'unknown') return notFound();
    if (result === 'changed') return seeOther(DRAFTS);
    return showAgain(request, member, { problem: result === 'exists' ? TAKEN : MOVED_ON });
  }

  function isInFolder(draft: Draft): boolean {
    return entries().some(({ id }) => id === draft.entry);
  }

  async function remove({ params }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const id = numberIn(params.id ?? '');
    const result = id === undefined ? 'unknown' : await teachings.removeDraft(id, by(member));
    return result === 'unknown' ? notFound() : seeOther(DRAFTS);
  }

  return [
    { method: 'GET', path: '/staff/teach/draft', handle: begin },
    { method: 'POST', path: '/staff/teach/draft/trial', handle: tryOut },
    { method: 'GET', path: '/staff/teach/drafts/:id', handle: open },
    { method: 'POST', path: '/staff/teach/drafts/:id', handle: change },
    { method: 'POST', path: '/staff/teach/drafts', handle: add },
    { method: 'POST', path: '/staff/teach/drafts/:id/remove', handle: remove },
  ];
}

type Draft = Pick<EntryDraft, 'entry' | 'title' | 'phrasings' | 'answer'>;

/** Which state of a draft the form was filled with. */
function seenOf({ at, changedAt }: EntryDraft): string {
  return changedAt ?? at;
}

const DRAFTS = '/staff/teach#drafts';
const MOVED_ON =
  'A colleague has changed this draft meanwhile. Open it anew from the list, and bring your changes in there.';
const TAKEN = 'There is an entry or a draft of this title already. Choose another title.';

/** A draft outlives the visitor's own data: contact details in it are masked before it is kept. */
function draftIn(form: URLSearchParams): Draft {
  const title = maskText((form.get('title') ?? '').replace(/\s+/g, ' ').trim().slice(0, LONGEST_TITLE));
  const lines = (form.get('phrasings') ?? '').split('\n').map(phraseIn);
  const phrasings = [...new Set(lines.filter((line) => line !== ''))].slice(0, MOST_PHRASINGS);
  const answer = maskText((form.get('answer') ?? '').replace(/\s+/g, ' ').trim().slice(0, LONGEST_ANSWER));
  return { entry: idOf(title), title, phrasings, answer };
}

function problemOf({ entry, phrasings }: Draft): string | undefined {
  if (entry === '') return 'Give it a title of plain letters, such as “Gift cards”.';
  return phrasings.length === 0 ? 'Write at least one way in which visitors ask it.' : undefined;
}

/** `Gift cards & vouchers` becomes `gift-cards-vouchers`. */
function idOf(title: string): string {
  return title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}
