import { Document } from './layout';

/** A refusal, or anything else that is one sentence and a way on. */
export function MessagePage(props: { title: string; text: string }) {
  return (
    <Document title={props.title} narrow>
      <main class="card">
        <h1>{props.title}</h1>
        <p>{props.text}</p>
        <p>
          <a href="/staff">To the queue</a>
        </p>
      </main>
    </Document>
  );
}
