import { createResumeStore } from '../../src/storage/resume-store';
import { DatabaseTranscriptStore } from '../../src/storage/transcript-store';
import { eachDatabase } from '../support/databases';
import { keepConversation } from '../support/staff-console';

const AT = '2026-03-02T14:30:00.000Z';
const LATER = '2026-04-01T14:30:00.000Z';

eachDatabase('the way back to a conversation', (open) => {
  test('is kept as a hash, renewed at each visit, and over when its time is', async () => {
    const database = await open();
    await keepConversation(database, { id: 'talk', at: AT, turns: [{ said: 'hello' }] });
    const store = createResumeStore(database);
    await store.keep('hash', 'talk', LATER);
    expect(await store.renew('hash', AT, '2026-05-01T00:00:00.000Z')).toMatchObject({ id: 'talk' });
    expect(await store.renew('hash', '2026-04-30T00:00:00.000Z', LATER)).toMatchObject({ id: 'talk' });
    expect(await store.renew('hash', LATER, LATER)).toBeUndefined();
  });

  test('ends with a newer secret, with "forget me", and with the conversation', async () => {
    const database = await open();
    await keepConversation(database, { id: 'talk', at: AT, turns: [{ said: 'hello' }] });
    const store = createResumeStore(database);
    await store.keep('first', 'talk', LATER);
    await store.keep('second', 'talk', LATER);
    expect(await store.renew('first', AT, LATER)).toBeUndefined();
    await store.revoke('talk');
    expect(await store.renew('second', AT, LATER)).toBeUndefined();
    await store.keep('third', 'talk', LATER);
    await new DatabaseTranscriptStore(database).deleteTranscript('directline', 'talk');
    expect(await store.renew('third', AT, LATER)).toBeUndefined();
    expect(await database.kysely.selectFrom('resume_secrets').selectAll().execute()).toEqual([]);
  });
});
