import { MemberPage, Notice, Token } from './layout';
import type { Frame } from './layout';
import type { EntryDraft } from '../ports';

/** A new entry, proposed from what visitors asked. */
export function DraftPage(props: {
  frame: Frame;
  draft: Pick<EntryDraft, 'title' | 'phrasings' | 'answer'>;
  problem: string | undefined;
}) {
  const { frame, draft } = props;
  return (
    <MemberPage frame={frame} title="Draft an entry" section="teach">
      <p class="back">
        <a href="/staff/teach">Questions the bot did not understand</a>
      </p>
      <h1>Draft a new entry</h1>
      <Notice text={props.problem} />
      <p class="faint">
        For questions that no entry is about. It answers nobody yet: <code>npm run knowledge:merge</code>{' '}
        writes it into the knowledge folder as recognised but without an approved answer, with your proposal
        beside it, and whoever keeps the folder approves it there.
      </p>
      <form class="stacked card" method="post" action="/staff/teach/drafts">
        <Token member={frame.member} />
        <label>
          <span>Title, as colleagues know it</span>
          <input name="title" value={draft.title} maxLength={80} required placeholder="Gift cards" />
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
        <button>Keep the draft</button>
      </form>
    </MemberPage>
  );
}
