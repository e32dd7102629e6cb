import { MemberPage, Time, Token } from './layout';
import type { Frame } from './layout';
import { shownText } from './conversations-page';
import type { QuestionCluster } from '../cluster-questions';
import { entryName } from '../decision-in-words';
import { maskText } from '../masking';
import type { EntryDraft, TaughtPhrase } from '../ports';
import { count } from '../words';

/** Texts of one group that are shown. */
const TEXTS_SHOWN = 6;
const CLUSTERS_SHOWN = 30;

/** Questions without a sure answer, in groups, and what staff have taught so far. */
export function TeachPage(props: {
  frame: Frame;
  clusters: QuestionCluster[];
  phrases: TaughtPhrase[];
  drafts: EntryDraft[];
  /** Just put live. */
  done: TaughtPhrase | undefined;
  days: number;
  entries: { id: string; title: string }[];
}) {
  const { frame, clusters, done } = props;
  return (
    <MemberPage frame={frame} title="Teach" section="teach">
      <h1>Questions the bot did not understand</h1>
      {done !== undefined && done.removedAt === null && (
        <p class="notice done" role="status">
          Live: “{done.text}” is {meaningOf(done, frame)}.
        </p>
      )}
      <p class="faint">
        What visitors asked in the last {props.days} days and the bot still does not answer, alike ones
        together, without what is drafted below or taught to be out of scope. Choose what they mean and look
        at what that changes; nothing is live before you say so.
      </p>
      {clusters.length === 0 ? (
        <p class="empty">Every question of the last {props.days} days is understood today.</p>
      ) : (
        <ol class="rows">
          {clusters.slice(0, CLUSTERS_SHOWN).map((cluster) => (
            <Cluster key={cluster.texts[0]} cluster={cluster} frame={frame} entries={props.entries} />
          ))}
        </ol>
      )}
      {clusters.length > CLUSTERS_SHOWN && (
        <p class="faint">
          The biggest {CLUSTERS_SHOWN} of {clusters.length} groups.
        </p>
      )}
      <Phrases frame={frame} phrases={props.phrases} />
      <Drafts frame={frame} drafts={props.drafts} />
    </MemberPage>
  );
}

function Cluster(props: {
  cluster: QuestionCluster;
  frame: Frame;
  entries: { id: string; title: string }[];
}) {
  const { cluster, frame } = props;
  const [first = '', ...others] = cluster.texts;
  return (
    <li class="plain cluster-row">
      <strong class="said" dir="auto">
        {shownText(first, frame)}
      </strong>
      <span class="faint">
        {count(cluster.asked, 'time')} ·{' '}
        <a href={`/staff/conversations/${encodeURIComponent(cluster.newest.conversationId)}`}>
          last <Time at={cluster.newest.at} frame={frame} />
        </a>
      </span>
      {others.length > 0 && (
        <ul class="said-list whole">
          {others.slice(0, TEXTS_SHOWN).map((text) => (
            <li key={text} dir="auto">
              {shownText(text, frame)}
            </li>
          ))}
          {others.length > TEXTS_SHOWN && <li class="faint">and {others.length - TEXTS_SHOWN} more</li>}
        </ul>
      )}
      <form class="filter whole" method="get" action="/staff/teach/preview">
        <input type="hidden" name="text" value={first} />
        <EntryChoice entries={props.entries} chosen={cluster.entry} />
        <button class="quiet" data-key="p" data-slow="Trying it out ...">
          See what it changes
        </button>
        <a href={draftAddress(cluster.texts)}>Draft a new entry</a>
      </form>
    </li>
  );
}

function draftAddress(texts: string[]): string {
  const query = texts.slice(0, TEXTS_SHOWN).map((text) => ['text', maskText(text)]);
  return `/staff/teach/draft?${new URLSearchParams(query).toString()}`;
}

/** Every entry, and "none of them". */
export function EntryChoice(props: {
  entries: { id: string; title: string }[];
  /** Null for out of scope, undefined for none yet. */
  chosen: string | null | undefined;
}) {
  return (
    <label>
      <span>It means</span>
      <select name="entry" required>
        {props.chosen === undefined && <option value="">Choose ...</option>}
        <option value="-out-of-scope">None of ours: out of scope</option>
        {props.entries.map(({ id, title }) => (
          <option key={id} value={id} selected={id === props.chosen}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}

function Phrases(props: { frame: Frame; phrases: TaughtPhrase[] }) {
  const { frame, phrases } = props;
  if (phrases.length === 0) return null;
  return (
    <section aria-labelledby="taught">
      <h2 id="taught">Taught so far</h2>
      <ul class="rows">
        {phrases.map((phrase) => (
          <li class="plain" key={phrase.id}>
            <span class="said" dir="auto">
              {phrase.text}
            </span>
            <span>
              <span class={phrase.removedAt === null ? 'tag reviewed' : 'tag'}>{stateOf(phrase)}</span>
            </span>
            <span class="faint">
              {meaningOf(phrase, frame)} · {phrase.author}, <Time at={phrase.at} frame={frame} />
              {phrase.removedAt !== null && ` · taken back by ${phrase.removedBy}`}
            </span>
            {phrase.removedAt === null && phrase.mergedAt === null && (
              <form class="statuses" method="post" action={`/staff/teach/${phrase.id}/back`}>
                <Token member={frame.member} />
                <button class="quiet">Take back</button>
              </form>
            )}
          </li>
        ))}
      </ul>
      <p class="faint">
        <code>npm run knowledge:merge</code> writes what is live into the knowledge folder.
      </p>
    </section>
  );
}

function Drafts(props: { frame: Frame; drafts: EntryDraft[] }) {
  const { frame, drafts } = props;
  return (
    <section aria-labelledby="drafts">
      <h2 id="drafts">Drafted entries</h2>
      {drafts.length > 0 && (
        <ul class="rows">
          {drafts.map((draft) => (
            <li class="plain" key={draft.id}>
              <strong class="said" dir="auto">
                {draft.title}
              </strong>
              <span>
                <span class={draft.mergedAt === null ? 'tag' : 'tag reviewed'}>
                  {draft.mergedAt === null ? 'Draft' : 'In the folder'}
                </span>
              </span>
              {draft.answer !== '' && (
                <span class="whole" dir="auto">
                  Proposed: {draft.answer}
                </span>
              )}
              <span class="faint">
                {count(draft.phrasings.length, 'phrasing')} · {draft.author},{' '}
                <Time at={draft.at} frame={frame} />
                {draft.changedAt !== null && (
                  <>
                    {' '}
                    · changed by {draft.changedBy}, <Time at={draft.changedAt} frame={frame} />
                  </>
                )}
              </span>
              {draft.mergedAt === null && (
                <form class="statuses" method="post" action={`/staff/teach/drafts/${draft.id}/remove`}>
                  <Token member={frame.member} />
                  <a href={`/staff/teach/drafts/${draft.id}`}>Change</a>
                  <button class="quiet">Remove</button>
                </form>
              )}
            </li>
          ))}
        </ul>
      )}
      <p>
        <a href="/staff/teach/draft">Draft a new entry</a>
      </p>
    </section>
  );
}

function stateOf({ removedAt, mergedAt }: TaughtPhrase): string {
  if (removedAt !== null) return 'Taken back';
  return mergedAt === null ? 'Live' : 'In the folder';
}

function meaningOf({ entry }: TaughtPhrase, frame: Frame): string {
  return entry === null ? 'out of scope' : `a phrasing of ${entryName(entry, frame.titleOf)}`;
}
