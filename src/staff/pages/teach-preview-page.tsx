import { MemberPage, Token } from './layout';
import type { Frame } from './layout';
import { shownText } from './conversations-page';
import { EntryChoice } from './teach-page';
import { entryName } from '../decision-in-words';
import type { BriefDecision, Change, Effects, LabelledEffect } from '../teaching-effect';
import { count, outcomeTitle, percent } from '../words';

const CHANGES_SHOWN = 25;

/** What a phrase would change, before it is live. */
export function TeachPreviewPage(props: {
  frame: Frame;
  text: string;
  /** Null for out of scope; undefined where none was chosen yet. */
  entry: string | null | undefined;
  entries: { id: string; title: string }[];
  /** Undefined until there is something to try. */
  effects: Effects | undefined;
}) {
  const { frame, text, entry, effects } = props;
  return (
    <MemberPage frame={frame} title="Teach" section="teach">
      <p class="back">
        <a href="/staff/teach">Questions the bot did not understand</a>
      </p>
      <h1>What would this change?</h1>
      <form class="filter effect" method="get" action="/staff/teach/preview">
        <label class="search">
          <span>The visitor’s words, without names and details</span>
          <input name="text" value={text} maxLength={200} required dir="auto" />
        </label>
        <EntryChoice entries={props.entries} chosen={entry} />
        <button class="quiet" data-slow="Trying it out ...">
          See what it changes
        </button>
      </form>
      {effects !== undefined && entry !== undefined && (
        <>
          {/* Read first, and one step from the button: pressing Enter twice must not put it live. */}
          <section class="card" aria-label="Summary" tabIndex={-1} autofocus>
            <EffectSummary effects={effects} />
            <form method="post" action="/staff/teach">
              <Token member={frame.member} />
              <input type="hidden" name="text" value={text} />
              <input type="hidden" name="entry" value={entry ?? '-out-of-scope'} />
              <button data-key="r" data-slow="Putting it live ...">
                Put it live
              </button>
            </form>
          </section>
          <EffectTexts effects={effects} frame={frame} />
        </>
      )}
    </MemberPage>
  );
}

/** How many questions get better and worse. */
export function EffectSummary({ effects }: { effects: Effects }) {
  const { asked, gained, moved, lost, reweighed } = effects.recorded;
  const toLookAt = lost.length + moved.length;
  return (
    <>
      <p>
        Tried on the newest {count(asked, 'different question')} that visitors asked:{' '}
        <strong class="better">{gained.length} better</strong>,{' '}
        <strong class={toLookAt > 0 ? 'worse' : undefined}>{toLookAt} to look at</strong>,{' '}
        {(asked - gained.length - toLookAt - reweighed.length).toLocaleString('en-US')} unchanged
        <Reweighed changes={reweighed} />.
      </p>
      <Labelled effect={effects.labelled} />
    </>
  );
}

/** Which ones. */
export function EffectTexts({ effects, frame }: { effects: Effects; frame: Frame }) {
  const { recorded, labelled } = effects;
  return (
    <>
      <Changes title="Better: understood as meant" changes={recorded.gained} frame={frame} />
      <Changes title="Understood as something else" changes={recorded.moved} frame={frame} />
      <Changes title="No longer understood" changes={recorded.lost} frame={frame} />
      <Changes title="Labelled test: right now" changes={labelled.better} frame={frame} />
      <Changes title="Labelled test: no longer right" changes={labelled.worse} frame={frame} />
      <OnlyReweighed changes={reweighedIn(effects)} frame={frame} />
    </>
  );
}

function Labelled(props: { effect: LabelledEffect }) {
  const { asked, rightBefore, rightAfter, better, worse, reweighed } = props.effect;
  if (asked === 0) return null;
  return (
    <p>
      On {count(asked, 'labelled test question')}: {rightBefore} right before, {rightAfter} after;{' '}
      <strong class="better">{better.length} better</strong>,{' '}
      <strong class={worse.length > 0 ? 'worse' : undefined}>{worse.length} worse</strong>
      <Reweighed changes={reweighed} />.{' '}
      <span class="faint">An offer to choose from does not count as right.</span>
    </p>
  );
}

function Reweighed({ changes }: { changes: Change[] }) {
  return changes.length === 0 ? null : <>, {changes.length} near a limit</>;
}

/** Folded: the change is not to blame for them. */
function OnlyReweighed(props: { changes: Change[]; frame: Frame }) {
  const { changes, frame } = props;
  if (changes.length === 0) return null;
  return (
    <details class="reweighed">
      <summary>Near a limit: only a little more or less sure ({changes.length})</summary>
      <p class="faint">
        The change itself leaves these as they are. With it the bot learns anew how sure it may be, and these
        were close to where it answers, offers or asks again.
      </p>
      <ChangeList changes={changes} frame={frame} />
    </details>
  );
}

/** A question that is recorded and labelled is named once. */
function reweighedIn({ recorded, labelled }: Effects): Change[] {
  const all = [...recorded.reweighed, ...labelled.reweighed];
  return [...new Map(all.map((change) => [change.before.text, change])).values()];
}

function Changes(props: { title: string; changes: Change[]; frame: Frame }) {
  const { changes, frame } = props;
  if (changes.length === 0) return null;
  return (
    <section aria-label={props.title}>
      <h2>
        {props.title} ({changes.length})
      </h2>
      <ChangeList changes={changes} frame={frame} />
    </section>
  );
}

function ChangeList({ changes, frame }: { changes: Change[]; frame: Frame }) {
  return (
    <>
      <ul class="rows">
        {changes.slice(0, CHANGES_SHOWN).map(({ before, after }) => (
          <li class="plain" key={before.text}>
            <span class="said" dir="auto">
              {shownText(before.text, frame)}
            </span>
            <span class="faint whole">
              {briefly(before, frame)} → {briefly(after, frame)}
            </span>
          </li>
        ))}
      </ul>
      {changes.length > CHANGES_SHOWN && <p class="faint">and {changes.length - CHANGES_SHOWN} more</p>}
    </>
  );
}

function briefly({ decision, entry, confidence }: BriefDecision, frame: Frame): string {
  const outcome = outcomeTitle(decision).toLowerCase();
  const named = entry === null ? outcome : `${outcome}: ${entryName(entry, frame.titleOf)}`;
  return `${named} (${percent(confidence)})`;
}
