import type { HttpResponse } from '../http/route';
import { notFound, page, seeOther } from './guard';
import type { ConsoleRequest, ConsoleRoute } from './guard';
import { maskText } from './masking';
import { DraftPage } from './pages/draft-page';
import type { Frame } from './pages/layout';
import type { EntryDraft, Teachings } from './ports';
import { numberIn } from './query';
import type { StaffMember } from './sessions';
import { phraseIn } from './teaching-routes';

const LONGEST_TITLE = 80;
const LONGEST_ANSWER = 1_000;
const MOST_PHRASINGS = 30;

/** Entries that staff propose: kept here, written into the knowledge folder by `npm run knowledge:merge`. */
export function draftRoutes(parts: {
  teachings: Teachings;
  entries: () => { id: string; title: string }[];
  clock: () => Date;
  frameOf: (member: StaffMember) => Promise<Frame>;
}): ConsoleRoute[] {
  const { teachings, entries, clock, frameOf } = parts;
  const by = (member: StaffMember) => ({ at: clock().toISOString(), actor: member.email });

  async function show({ query }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const phrasings = query.getAll('text').slice(0, MOST_PHRASINGS).map(phraseIn);
    const draft = { title: '', phrasings, answer: '' };
    return page(200, <DraftPage frame={await frameOf(member)} draft={draft} problem={undefined} />);
  }

  async function add({ form }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const draft = draftIn(form);
    const problem = problemOf(draft) ?? ((await isAdded(draft, member)) ? undefined : TAKEN);
    if (problem === undefined) return seeOther('/staff/teach#drafts');
    return page(422, <DraftPage frame={await frameOf(member)} draft={draft} problem={problem} />);
  }

  async function isAdded(draft: Draft, member: StaffMember): Promise<boolean> {
    if (entries().some(({ id }) => id === draft.entry)) return false;
    return (await teachings.addDraft(draft, by(member))) === 'added';
  }

  async function remove({ params }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const id = numberIn(params.id ?? '');
    const result = id === undefined ? 'unknown' : await teachings.removeDraft(id, by(member));
    return result === 'unknown' ? notFound() : seeOther('/staff/teach#drafts');
  }

  return [
    { method: 'GET', path: '/staff/teach/draft', handle: show },
    { method: 'POST', path: '/staff/teach/drafts', handle: add },
    { method: 'POST', path: '/staff/teach/drafts/:id/remove', handle: remove },
  ];
}

type Draft = Pick<EntryDraft, 'entry' | 'title' | 'phrasings' | 'answer'>;

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
