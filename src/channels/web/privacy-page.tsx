import type { Clinic } from '../../answers/knowledge';

/** What is kept, why, how long and how to have it deleted: everything from the clinic's own file. */
export function PrivacyPage(props: { clinic: Clinic; style: string }) {
  const { clinic } = props;
  const contacts = ['email', 'phone', 'address'].flatMap((name) => clinic.details.get(name) || []);
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`Privacy notice – ${clinic.name} chat`}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href={props.style} />
      </head>
      <body class="notice">
        <main>
          <p class="eyebrow">{clinic.name}</p>
          <h1>Privacy notice of the chat</h1>
          <p class="lead">
            The chat is an automated assistant. It answers with sentences that {clinic.name} has approved, and
            it can take down an enquiry for the team.
          </p>

          <h2>What is kept, why, and how long</h2>
          <dl class="kept">
            {kept(clinic.retention).map((item) => (
              <div>
                <dt>{item.what}</dt>
                <dd>{item.why}</dd>
                <dd class="quiet">{item.until}</dd>
              </div>
            ))}
          </dl>

          <h2>What you agree to before giving personal details</h2>
          <blockquote>{clinic.consent.text}</blockquote>
          <p class="quiet">Version {clinic.consent.version}</p>

          <h2>Please leave out medical details</h2>
          <p>
            The chat gives no medical advice and does not need your health history. What matters for a
            treatment is talked about with the specialist in person.
          </p>

          <h2>How to have your data deleted</h2>
          <p>
            Choose <strong>Forget me</strong> in the chat’s menu, or write <strong>delete my data</strong> in
            it. What you wrote and any enquiry are deleted at once, and the team is told, for what they may
            have noted elsewhere.
          </p>
          {contacts.length > 0 && (
            <p>
              You can also contact {clinic.name}: {contacts.join(', ')}.
            </p>
          )}

          <p>
            <a href="chat">Open the chat</a>
          </p>
        </main>
      </body>
    </html>
  );
}

function kept({ unfinishedChats, transcripts, requests }: Clinic['retention']) {
  return [
    {
      what: 'The conversation',
      why: 'So that the team can read what was asked and improve the answers.',
      until: `Deleted after ${days(transcripts)}`,
    },
    {
      what: 'A chat that was left unfinished',
      why: 'So that you can go on where you stopped.',
      until: `Deleted after ${days(unfinishedChats)}`,
    },
    {
      what: 'Your enquiry: name, contact details, preferred time, note',
      why: 'Only to answer your enquiry, and only after you have agreed to it in the chat.',
      until: `Deleted after ${days(requests)}`,
    },
    {
      what: 'A key in your browser’s storage',
      why:
        'So that the conversation goes on after a reload or on another page. It is stored only once you have ' +
        'opened the chat; there are no cookies.',
      until: 'Worth nothing 30 days after your last visit, and at once when you choose Forget me',
    },
  ];
}

function days(count: number): string {
  return count === 1 ? '1 day' : `${count} days`;
}
