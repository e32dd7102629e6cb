import { createMessengerStore } from '../../src/storage/messenger-store';
import { createPageNotes } from '../../src/storage/page-notes';
import { eachDatabase } from '../support/databases';
import { startConsole } from '../support/staff-console';

const AT = new Date('2026-03-02T14:30:00.000Z');

eachDatabase('what is the matter with the page on Facebook', (open) => {
  test('stands on the first page until it is mended or seen to, and who saw to it is in the trail', async () => {
    const database = await open();
    const messenger = createMessengerStore(database);
    await messenger.note('token', 'Meta refuses the page token: it has expired.', AT);
    await messenger.note('subscription', 'Meta has unsubscribed the page from this app.', AT);
    const site = await startConsole(database, { pageNotes: createPageNotes(database) });
    const reader = await site.member('reader');
    const agent = await site.member('agent');
    const first = (await reader.get('/staff')).text;
    expect(first).toContain('Meta refuses the page token');
    expect(first).toContain('unsubscribed');
    expect(first).not.toContain('Nothing waits for you');
    expect(first).not.toContain('/staff/page-notes/');
    expect((await agent.get('/staff')).text).toContain('/staff/page-notes/token');

    await messenger.clearNote('subscription');
    expect((await agent.post('/staff/page-notes/token', {})).status).toBe(303);
    const after = (await reader.get('/staff')).text;
    expect(after).not.toMatch(/refuses the page token|unsubscribed/);
    expect(after).toContain('Nothing waits for you');
    expect((await agent.post('/staff/page-notes/token', {})).status).toBe(404);
    const trail = await database.kysely.selectFrom('audit').select(['actor', 'action', 'subject']).execute();
    expect(trail).toContainEqual({
      actor: expect.stringContaining('agent'),
      action: 'settle',
      subject: 'page:token',
    });
    await site.close();
  });
});
