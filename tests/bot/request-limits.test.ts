import { type Chat, startChat } from '../support/chat';

/** One booking from a conversation of its own; what the bot says at its end. */
async function book(chat: Chat, name: string, number: string): Promise<string> {
  chat.anew();
  await chat.visitor(`I'm ${name}, ${number}, book me for friday`);
  if (/Several requests/.test(chat.replies())) return chat.replies();
  for (const text of ['yes', 'skip', 'send it']) {
    await chat.visitor(text);
    chat.replies();
  }
  return (await chat.visitor("what's my reference")).replies.map(({ activity }) => activity.text).join();
}

const TEN = ['Ann', 'Bob', 'Cora', 'Dave', 'Eva', 'Finn', 'Gus', 'Hana', 'Ira', 'June'];

test('the eleventh request of a day from one address is refused, from however many conversations', async () => {
  const chat = await startChat({ sender: 'one address' });
  for (const [place, name] of TEN.entries())
    expect(await book(chat, `${name} Lee`, `410-555-010${place}`)).toContain('your reference is');
  expect(await book(chat, 'Kim Lee', '410-555-0120')).toContain(
    'Several requests have been sent from here today',
  );
  chat.setNow('2026-03-03T10:30');
  expect(await book(chat, 'Kim Lee', '410-555-0120')).toContain('your reference is');
});

test('who began before the address had sent too many is told at the end, and nothing more is sent', async () => {
  const chat = await startChat({ sender: 'one address' });
  for (const [place, name] of TEN.slice(1).entries()) await book(chat, `${name} Lee`, `410-555-010${place}`);
  chat.anew();
  await chat.visitor("I'm Kim Lee, 410-555-0120, book me for friday");
  const late = chat.conversationId();
  chat.replies();
  await book(chat, 'Ann Lee', '410-555-0121');
  chat.goBackTo(late);
  for (const text of ['yes', 'skip', 'send it']) {
    chat.replies();
    await chat.visitor(text);
  }
  chat.bot('Several requests have been sent from here today');
});

test('where no address is seen, as on Messenger, only the conversation counts', async () => {
  const chat = await startChat();
  for (const [place, name] of [...TEN, 'Kim'].entries())
    expect(await book(chat, `${name} Lee`, `410-555-01${10 + place}`)).toContain('your reference is');
});
