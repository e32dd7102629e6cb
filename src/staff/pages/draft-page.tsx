import { MemberPage, Notice, Token } from './layout';
import type { Frame } from './layout';
import { EffectSummary, EffectTexts } from './teach-preview-page';
import type { EntryDraft } from '../ports';
import type { Effects } from '../teaching-effect';

/** An entry, proposed from what visitors asked: a new one, or one that is kept as a draft already. */
export function DraftPage(props: {
  frame: Frame;
  draft: Pick<EntryDraft, 'title' | 'phrasings' | 'answer'>;
  /** `seen` says which state of it the form was filled with. */
  kept?: { id: number; seen: string } | undefined;
  problem?: string;
  /** Of the draft as it stands in the form. */
  effects?: Effects;
}) {
  const { frame, draft, kept, effects } = props;
  return (
    <MemberPage frame={frame} title="Draft an entry" section="teach">
      <p class="back">
        <a href="/staff/teach">Questions the bot did not understand</a>
      </p>
      <h1>{kept === undefined ? 'Draft a new entry' : 'Change the draft'}</h1>
      <Notice text={props.problem} />
      <p class="faint">
        For questions that no entry is about. It answers nobody yet: <code>npm run knowledge:merge</code>{' '}
        writes it into the knowledge folder as recognised but without an approved answer, with your proposal
        beside it, and whoever keeps the folder approves it there.
      </p>
      <form
        class="stacked card"
        method="post"
        action={kept === undefined ? '/staff/teach/drafts' : `/staff/teach/drafts/${kept.id}`}
      >
        <Token member={frame.member} />
        {kept !== undefined && (
          <>
            <input type="hidden" name="id" value={kept.id} />
            <input type="hidden" name="seen" value={kept.seen} />
          </>
        )}
        <label>
          <span>Title, as colleagues know it</span>
          <input
            name="title"
            value={draft.title}
            maxLength={80}
            required
            placeholder="Gift cards"
            autofocus={draft.title === '' && effects === undefined}
          />
        </label>
        <label>
          <span>How visitors ask it, one a line, without names and details</span>
          <textarea name="phrasings" rows={6} required>
            {draft.phrasings.join('\n')}
          </textarea>
        </label>
        <label>
          <span>Proposed answer (optional)</span>
          <textarea name="answer" rows={3} maxLength={1000}>
            {draft.answer}
          </textarea>
        </label>
        <p class="statuses">
          <button>Keep the draft</button>
          <button class="quiet" formAction="/staff/teach/draft/trial" data-slow="Trying it out ...">
            See what it changes
          </button>
        </p>
      </form>
      {effects !== undefined && (
        <>
          <section class="card" aria-label="Summary" tabIndex={-1} autofocus>
            <EffectSummary effects={effects} />
          </section>
          <EffectTexts effects={effects} frame={frame} />
        </>
      )}
    </MemberPage>
  );
}
