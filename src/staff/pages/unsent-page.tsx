import { Document } from './layout';
import { TYPED, type Unsent } from '../unsent';

/** What was typed and not taken, because the session was over meanwhile: to be looked at, and sent again. */
export function UnsentPage(props: { unsent: Unsent; csrf: string; next: string }) {
  const { unsent } = props;
  return (
    <Document title="Not sent yet" narrow>
      <main class="card">
        <h1>Not sent yet</h1>
        <p>You are signed in again. Your session was over when you sent this; here it still is.</p>
        <form method="post" action={unsent.action}>
          <input type="hidden" name="csrf" value={props.csrf} />
          {unsent.fields.map(([name, value]) => (
            <Typed key={name} name={name} value={value} />
          ))}
          <button>Send it now</button>
        </form>
        <p>
          <a href={props.next}>Go on without it</a>
        </p>
      </main>
    </Document>
  );
}

function Typed({ name, value }: { name: string; value: string }) {
  const label = TYPED[name];
  if (label === undefined) return <input type="hidden" name={name} value={value} />;
  return (
    <p class="field">
      <label for={name}>{label}</label>
      <textarea id={name} name={name} rows={value.length > 80 ? 6 : 2} dir="auto">
        {value}
      </textarea>
    </p>
  );
}
