import type { ComponentChildren } from 'preact';
import type { Clinic } from '../../answers/knowledge';
import type { Reply, Say } from '../../conversation/reply';
import { Icon } from './icon';

/** What the form brings back, so that a page without scripts goes on with its conversation. */
export interface ChatForm {
  /** Signed: which conversation. */
  token: string;
  /** Of the next message: sent twice, it is taken once. */
  turn: string;
}

/** The form's id, for the buttons outside it. */
export const COMPOSER = 'composer';
/** The id of where a page without scripts opens: at the answer to the message just sent, or at what went wrong. */
export const NEWEST = 'newest';

export interface ChatPageProps {
  clinic: Clinic;
  say: Say;
  style: string;
  origins: readonly string[];
  form: ChatForm;
  /** Brings the page to life (`src/widget/chat.ts`); undefined: the conversation so far stands in `children`. */
  script: string | undefined;
  /** The texts that the script shows, by name. */
  texts: Record<string, string>;
  /** What the script shows while the server begins a conversation. */
  greeting: Reply[];
  /** The conversation for a browser without scripts. */
  children: ComponentChildren;
  /** What stays in the box. */
  draft?: string;
  /** Why the last message was not taken. */
  problem?: string;
}

/** The chat: in the launcher's frame, by itself, and as a plain form that needs no scripts at all. */
export function ChatPage(props: ChatPageProps) {
  const { clinic, say, script } = props;
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta
          name="viewport"
          content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"
        />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>{`Chat with ${clinic.name}`}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href={props.style} />
        {script !== undefined && <script src={script} defer />}
      </head>
      <body
        class={script === undefined ? 'plain' : undefined}
        data-origins={props.origins.join(' ')}
        data-texts={JSON.stringify(props.texts)}
        data-greeting={JSON.stringify(props.greeting)}
      >
        <header>
          <span class="mark" id="mark">
            <Icon name="chat" />
          </span>
          <div>
            <h1 id="heading" tabIndex={-1}>
              {clinic.name}
            </h1>
            <p>
              <span id="who">{say('widget.automated')}</span>
              <a href={clinic.privacyUrl || 'privacy'} target="_blank" rel="noopener">
                {say('widget.privacy')}
              </a>
            </p>
          </div>
          <Menu say={say} />
          <button id="close" type="button" aria-label={say('widget.close')} hidden>
            <Icon name="close" />
          </button>
        </header>
        <ForgetDialog say={say} />
        <main id="main">
          <p id="connection" role="status" hidden />
          <div
            id="log"
            role="log"
            aria-live="polite"
            aria-label={say('widget.conversation')}
            tabIndex={script === undefined ? undefined : 0}
          >
            {script === undefined ? (
              props.children
            ) : (
              <noscript>
                <div>{props.children}</div>
              </noscript>
            )}
          </div>
          <div id="typing" aria-hidden="true" hidden>
            <i />
            <i />
            <i />
          </div>
          <Composer {...props} />
        </main>
      </body>
    </html>
  );
}

/** Everything in it needs scripts; until they run there is no button. */
function Menu({ say }: { say: Say }) {
  return (
    <div class="menu">
      <button
        id="menu"
        type="button"
        aria-label={say('widget.menu')}
        aria-expanded="false"
        aria-controls="menu-items"
        hidden
      >
        <Icon name="more" />
      </button>
      <div id="menu-items" hidden>
        {(['download', 'print', 'forget'] as const).map((item) => (
          <button id={item} type="button">
            {say(`widget.${item}`)}
          </button>
        ))}
        <p id="kept" />
      </div>
    </div>
  );
}

function ForgetDialog({ say }: { say: Say }) {
  return (
    <dialog id="forget-dialog" aria-labelledby="forget-title">
      <form method="dialog">
        <h2 id="forget-title">{say('widget.forget')}</h2>
        <p>{say('widget.forgetAsk')}</p>
        <div class="answers">
          <button value="keep">{say('widget.forgetNo')}</button>
          <button value="forget">{say('widget.forgetYes')}</button>
        </div>
      </form>
    </dialog>
  );
}

function Composer({ say, form, problem, draft, script }: ChatPageProps) {
  return (
    <form id={COMPOSER} method="post" action={`chat#${NEWEST}`}>
      <input type="hidden" name="token" value={form.token} />
      <input type="hidden" name="turn" value={form.turn} />
      {/* People do not see it; what fills in every field of a form is no person. */}
      <p class="trap" aria-hidden="true">
        <input id="website" name="website" type="text" tabIndex={-1} autocomplete="off" value="" />
      </p>
      {problem !== undefined && (
        <p id={NEWEST} class="problem" tabIndex={-1}>
          {problem}
        </p>
      )}
      <textarea
        id="text"
        name="text"
        rows={1}
        placeholder={say('widget.placeholder')}
        aria-label={say('widget.messageLabel')}
        aria-describedby={problem === undefined ? 'counter' : NEWEST}
        autocomplete="off"
        enterkeyhint="send"
        value={draft}
      />
      <button id="send" type="submit" aria-label={say('widget.send')}>
        <Icon name="send" />
      </button>
      <p id="counter" />
      <p id="counted" class="for-readers" role="status" />
      {script === undefined && (
        <button class="look" type="submit" name="look" value="yes">
          {say('widget.plainLook')}
        </button>
      )}
    </form>
  );
}
