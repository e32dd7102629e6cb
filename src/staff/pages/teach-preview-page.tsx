import { MemberPage, Token } from './layout';
import type { Frame } from './layout';
import { shownText } from './conversations-page';
import { EntryChoice } from './teach-page';
import { entryName } from '../decision-in-words';
import type { BriefDecision, Change, LabelledEffect, TeachingEffect } from '../teaching-effect';
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
  effects: { recorded: TeachingEffect; labelled: LabelledEffect } | undefined;
}) {
  const { frame, text, entry, effects } = props;
  const effect = effects?.recorded;
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
        <button class="quiet">See what it changes</button>
      </form>
      {effect !== undefined && effects !== undefined && entry !== undefined && (
        <>
          <section class="card" aria-label="Summary">
            <p>
              Tried on the newest {count(effect.asked, 'different question')} that visitors asked:{' '}
              <strong class="better">{effect.gained.length} better</strong>,{' '}
              <strong class={effect.lost.length + effect.moved.length > 0 ? 'worse' : undefined}>
                {effect.lost.length + effect.moved.length} to look at
              </strong>
              , {effect.asked - effect.gained.length - effect.lost.length - effect.moved.length} unchanged.
            </p>
            <Labelled effect={effects.labelled} />
            <form method="post" action="/staff/teach">
              <Token member={frame.member} />
              <input type="hidden" name="text" value={text} />
              <input type="hidden" name="entry" value={entry ?? '-out-of-scope'} />
              <button data-key="r">Put it live</button>
            </form>
          </section>
          <Changes title="Better: understood now" changes={effect.gained} frame={frame} />
          <Changes title="Understood as something else" changes={effect.moved} frame={frame} />
          <Changes title="No longer understood" changes={effect.lost} frame={frame} />
          <Changes title="Labelled test: right now" changes={effects.labelled.better} frame={frame} />
          <Changes title="Labelled test: no longer right" changes={effects.labelled.worse} frame={frame} />
        </>
      )}
    </MemberPage>
  );
}

function Labelled(props: { effect: LabelledEffect }) {
  const { asked, rightBefore, rightAfter, better, worse } = props.effect;
  if (asked === 0) return null;
  return (
    <p>
      On {count(asked, 'labelled test question')}: {rightBefore} right before, {rightAfter} after;{' '}
      <strong class="better">{better.length} better</strong>,{' '}
      <strong class={worse.length > 0 ? 'worse' : undefined}>{worse.length} worse</strong>.{' '}
      <span class="faint">An offer to choose from does not count as right.</span>
    </p>
  );
}

function Changes(props: { title: string; changes: Change[]; frame: Frame }) {
  const { changes, frame } = props;
  if (changes.length === 0) return null;
  return (
    <section aria-label={props.title}>
      <h2>
        {props.title} ({changes.length})
      </h2>
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
    </section>
  );
}

function briefly({ decision, entry, confidence }: BriefDecision, frame: Frame): string {
  const outcome = outcomeTitle(decision).toLowerCase();
  const named = entry === null ? outcome : `${outcome}: ${entryName(entry, frame.titleOf)}`;
  return `${named} (${percent(confidence)})`;
}
