import type { Clinic } from '../../answers/knowledge';
import { Icon } from './icon';

/** The page in the launcher's frame, and the chat by itself. `src/widget/chat.ts` brings it to life. */
export function ChatPage(props: {
  clinic: Clinic;
  script: string;
  style: string;
  origins: readonly string[];
}) {
  const { clinic } = props;
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
        <script src={props.script} defer />
      </head>
      <body data-origins={props.origins.join(' ')}>
        <header>
          <span class="mark">
            <Icon name="chat" />
          </span>
          <div>
            <h1 id="heading" tabIndex={-1}>
              {clinic.name}
            </h1>
            <p>
              Automated assistant ·{' '}
              <a href={clinic.privacyUrl || 'privacy'} target="_blank" rel="noopener">
                Privacy
              </a>
            </p>
          </div>
          <button id="close" type="button" aria-label="Close the chat" hidden>
            <Icon name="close" />
          </button>
        </header>
        <noscript>
          <p>
            This chat needs JavaScript, which is switched off in this browser. Please switch it on for this
            page, or use another way to contact {clinic.name}.
          </p>
        </noscript>
        <main>
          <p id="connection" role="status" hidden />
          <div id="log" role="log" aria-live="polite" aria-label="Conversation" tabIndex={0} />
          <div id="typing" aria-hidden="true" hidden>
            <i />
            <i />
            <i />
          </div>
          <form id="composer">
            <textarea
              id="text"
              rows={1}
              placeholder="Write a message…"
              aria-label="Your message"
              aria-describedby="counter"
              autocomplete="off"
              enterkeyhint="send"
            />
            <button id="send" type="submit" aria-label="Send">
              <Icon name="send" />
            </button>
            <p id="counter" role="status" />
          </form>
        </main>
      </body>
    </html>
  );
}
