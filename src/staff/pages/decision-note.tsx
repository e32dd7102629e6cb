import type { ComponentChildren } from 'preact';
import type { Decision } from '../../answers/decision';
import { decisionInWords, entryName, sameDecision, wasDecidedByMatch } from '../decision-in-words';
import type { TranscriptLine } from '../ports';
import { percent } from '../words';
import type { Frame } from './layout';
import { shownText } from './conversations-page';

type KeptDecision = NonNullable<TranscriptLine['decision']>;

/** Why the bot said what it said: one sentence, and the reasons behind a disclosure. */
export function DecisionNote(props: { decision: KeptDecision; now: Decision | undefined; frame: Frame }) {
  const { decision, now, frame } = props;
  const { why } = decision;
  // A wish to book may be one by the router's own reading, of which today's answer knows nothing.
  const isComparable = decision.decision !== 'booking' && wasDecidedByMatch(decision, decision.step);
  const isOtherNow = now !== undefined && isComparable && !sameDecision(decision, now);
  return (
    <>
      <details
        class={wasDecidedByMatch(decision, decision.step) ? `decision ${decision.decision}` : 'decision'}
      >
        <summary>{decisionInWords(decision, decision.step, frame.titleOf)}</summary>
        {why.sentence !== '' && <p>{shownText(why.sentence, frame)}</p>}
        <dl>
          {why.corrections.length > 0 && (
            <Reason title="Read as">
              {why.corrections.map(([typed, read]) => shownText(`${typed} → ${read}`, frame)).join(', ')}
            </Reason>
          )}
          {why.phrasing !== null && <Reason title="Nearest phrasing">{why.phrasing}</Reason>}
          {why.terms.length > 0 && (
            <Reason title="What counted">
              {why.terms
                .filter(isCounted)
                .map(([term, share]) => `${shownText(term, frame)} (${percent(share)})`)
                .join(', ')}
            </Reason>
          )}
          {why.unknownWords.length > 0 && (
            <Reason title="Unknown words">{shownText(why.unknownWords.join(', '), frame)}</Reason>
          )}
          {decision.knowledgeVersion !== null && (
            <Reason title="Knowledge">
              <code>{decision.knowledgeVersion}</code>
            </Reason>
          )}
          {now !== undefined && isComparable && (
            <Reason title="Would be answered now">
              {sameDecision(decision, now) ? 'The same.' : decisionInWords(now, null, frame.titleOf)}
            </Reason>
          )}
        </dl>
        {decision.candidates.length > 0 && <Candidates decision={decision} frame={frame} />}
      </details>
      {isOtherNow && <p class="now">Today: {decisionInWords(now, null, frame.titleOf)}</p>}
    </>
  );
}

/** Less than half a percent is shown as none. */
function isCounted([, share]: [string, number]): boolean {
  return share >= 0.005;
}

function Reason(props: { title: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{props.title}</dt>
      <dd dir="auto">{props.children}</dd>
    </div>
  );
}

function Candidates(props: { decision: KeptDecision; frame: Frame }) {
  return (
    <table class="candidates">
      <caption>What it could have meant</caption>
      <tbody>
        {props.decision.candidates.map((candidate) => (
          <tr key={candidate.entry}>
            <th scope="row">{entryName(candidate.entry, props.frame.titleOf)}</th>
            <td>
              <meter value={candidate.confidence} aria-label="Confidence" />
            </td>
            <td>{percent(candidate.confidence)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
