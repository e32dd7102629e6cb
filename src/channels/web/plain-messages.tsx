import type { Activity } from 'botbuilder';
import type { QuickReply, Reply, Say, SummaryRow } from '../../conversation/reply';
import { BotText } from './bot-text';

/** A message on the page, from a kept activity or a reply that is not kept yet. */
export interface PlainMessage {
  from: 'visitor' | 'bot';
  /** The name of whoever of the team wrote it; undefined where it was the bot. */
  person?: string;
  text: string;
  quickReplies: QuickReply[];
  summary: SummaryRow[];
}

/** Undefined where there is nothing to show: somebody joined, an event. */
export function messageOf(activity: Partial<Activity>): PlainMessage | undefined {
  if (activity.type !== 'message') return undefined;
  // Our own bot has written both; a visitor's client can set neither (see posted-activity.ts).
  const { summary = [], person } = (activity.channelData ?? {}) as {
    summary?: SummaryRow[];
    person?: string;
  };
  return {
    ...(person !== undefined && { person }),
    from: activity.from?.role === 'bot' ? 'bot' : 'visitor',
    text: activity.text ?? '',
    quickReplies: (activity.suggestedActions?.actions ?? []).map(({ title, value }) => ({
      title,
      value: String(value),
    })),
    summary,
  };
}

/** As `messageOf`, of the greeting that opens a conversation not begun yet. */
export function messageOfReply({ text, quickReplies = [], summary = [] }: Reply): PlainMessage {
  return { from: 'bot', text, quickReplies, summary };
}

/**
 * The conversation. Buttons send the form named `form`; only those of the newest message that has any still do.
 * `newest` becomes the id of where the page opens: the answer to the visitor's last message, or the last message.
 */
export function PlainMessages(props: {
  messages: PlainMessage[];
  say: Say;
  form: string;
  newest: { id: string; at: 'answer' | 'last' } | undefined;
}) {
  const { messages, say, form, newest } = props;
  const lastSaid = messages.findLastIndex(({ from }) => from === 'visitor');
  const asking = messages.findLastIndex(
    ({ quickReplies, summary }) => quickReplies.length > 0 || summary.length > 0,
  );
  return (
    <>
      {messages.map((message, index) => {
        const isOpen = index === asking && asking > lastSaid;
        const isNewest =
          newest?.at === 'last' ? index === messages.length - 1 : lastSaid >= 0 && index === lastSaid + 1;
        return (
          <>
            <div
              class={`message ${message.from}${message.summary.length > 0 ? ' wide' : ''}${message.person === undefined ? '' : ' person'}`}
              {...(isNewest && newest !== undefined && { id: newest.id, tabIndex: -1 })}
            >
              {message.person === undefined ? (
                <span class="for-readers">
                  {say(message.from === 'bot' ? 'widget.assistant' : 'widget.you')}
                </span>
              ) : (
                <span class="speaker" dir="auto">{`${message.person}:`}</span>
              )}
              <div class="bubble" dir="auto">
                {message.summary.length > 0 ? (
                  <Summary message={message} say={say} form={isOpen ? form : undefined} />
                ) : message.from === 'bot' ? (
                  <BotText text={message.text} />
                ) : (
                  <p>{message.text}</p>
                )}
              </div>
            </div>
            {isOpen && message.quickReplies.length > 0 && (
              <div class="choices" role="group" aria-label={say('widget.suggestions')}>
                {message.quickReplies.map((choice) => (
                  <Choice choice={choice} form={form} />
                ))}
              </div>
            )}
          </>
        );
      })}
    </>
  );
}

function Choice(props: { choice: QuickReply; form: string; short?: string; label?: string }) {
  const { choice, form, short, label } = props;
  return (
    <button type="submit" form={form} name="choice" value={choice.value} dir="auto" aria-label={label}>
      {short ?? choice.title}
    </button>
  );
}

/** The booking summary as a card; what its text says beside the rows stands above and below them. */
function Summary(props: { message: PlainMessage; say: Say; form: string | undefined }) {
  const { message, say, form } = props;
  const isRow = (line: string) =>
    message.summary.some((row) => line.replace(/^- /, '') === `${row.label}: ${row.value}`);
  const lines = message.text.split('\n');
  const first = Math.max(0, lines.findIndex(isRow));
  const after = lines.slice(first).filter((line) => !isRow(line));
  const short = say('widget.change');
  return (
    <div class="summary" role="group" aria-label={say('widget.summary')}>
      <BotText text={lines.slice(0, first).join('\n')} />
      <dl>
        {message.summary.map((row) => (
          <div>
            <dt>{row.label}</dt>
            <dd>{row.value}</dd>
            {form !== undefined && row.change && (
              <dd>
                <Choice
                  choice={row.change}
                  form={form}
                  label={`${row.change.title} (${row.label})`}
                  {...(row.change.title.startsWith(short) && { short })}
                />
              </dd>
            )}
          </div>
        ))}
      </dl>
      <BotText text={after.join('\n')} />
    </div>
  );
}
