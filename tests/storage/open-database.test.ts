import { eachDatabase } from '../support/databases';

eachDatabase('the database', (open) => {
  test('what was written is read back, also after a restart', async () => {
    const before = await open();
    await before.write((transaction) =>
      transaction.insertInto('bot_state').values({ key: 'k', value: '{}', etag: '1' }).execute(),
    );
    await before.close();
    const after = await open();
    expect(await after.kysely.selectFrom('bot_state').selectAll().execute()).toEqual([
      { key: 'k', value: '{}', etag: '1' },
    ]);
  });
});
