import { createReviewStore } from '../../src/storage/review-store';
import { startChat } from '../support/chat';

/** What the chat window tells beside the messages, and what staff see of it. */

test('a visitor marks an answer as not helpful, and staff see it at the answer', async () => {
  const chat = await startChat();
  const { incoming, replies } = await chat.visitor('how long does one session take');
  chat.bot('3 to 5 hours');
  const activityId = replies[0]?.activity.id;
  expect(replies[0]?.activity.channelData).toEqual({ answer: true });

  expect((await chat.tell('feedback', { activityId, value: 'up' })).replies).toEqual([]);
  await chat.tell('feedback', { activityId, value: 'down' });

  const review = createReviewStore(chat.database);
  const reading = await review.conversation(incoming.conversationId, 50);
  expect(reading?.review).toBe('not-helpful');
  expect(reading?.visitorMessages).toBe(1);
  expect(reading?.lines.filter((line) => line.type === 'message').map((line) => line.feedback)).toEqual([
    null,
    'down',
  ]);
});

test('prompts, greetings and offers are nothing to mark', async () => {
  const chat = await startChat();
  for (const text of ['hello', 'I want to book', 'asdf qwer zxcv']) {
    const { replies } = await chat.visitor(text);
    for (const { activity } of replies) expect(activity.channelData?.answer).toBeUndefined();
    chat.replies();
  }
});

test('feedback of any other form is kept, and means nothing', async () => {
  const chat = await startChat();
  const { incoming } = await chat.visitor('how long does one session take');
  chat.replies();
  for (const value of [
    undefined,
    'down',
    { value: 'down' },
    { activityId: 7, value: 'down' },
    { activityId: 'x', value: 'no' },
  ]) {
    await chat.tell('feedback', value);
  }
  const reading = await createReviewStore(chat.database).conversation(incoming.conversationId, 50);
  expect(reading?.review).toBeNull();
});

test('"forget me" deletes the conversation with its booking at once, with a receipt, and staff are told', async () => {
  const chat = await startChat();
  const { incoming } = await chat.visitor('I want to book, I am Jo Example');
  chat.replies();
  await chat.tell('forget');
  chat.bot(/Your receipt is \S+\./);
  const reading = await createReviewStore(chat.database).conversation(incoming.conversationId, 50);
  expect(reading?.review).toBe('delete-data');
  expect(JSON.stringify(reading)).not.toContain('Jo Example');
  await chat.visitor('how long does one session take');
  chat.bot('3 to 5 hours');
  chat.botIsDone();
});
