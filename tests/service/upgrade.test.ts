import { sql } from 'kysely';
import { restore } from '../../src/storage/backup';
import { type Database, openDatabase } from '../../src/storage/open-database';
import { createStaffStore } from '../../src/storage/staff-store';
import { postgresPlace, sqlitePlace } from '../support/databases';
import { openChat } from '../support/direct-line-chat';
import {
  BACKUP_KEY,
  layRelease,
  RELEASES,
  releasedRows,
  releaseFacts,
  releaseFile,
  STAFF,
} from '../support/released';
import { PASSWORD, StaffBrowser } from '../support/staff-console';
import { dataFolder, type RunningService, startService } from '../support/start-service';
import { wallClock } from '../support/wall-clock';

/** Databases as every released version leaves them, rows in every table, are upgraded and gone on with. */
const ENGINES = { SQLite: sqlitePlace, Postgres: postgresPlace };
const CASES = RELEASES.flatMap((version) =>
  (['SQLite', 'Postgres'] as const).map((engine) => ({ version, engine })),
);

const data = dataFolder();
let place: Awaited<ReturnType<typeof sqlitePlace>>;
let service: RunningService | undefined;
afterEach(async () => {
  await service?.kill();
  service = undefined;
  await place.remove();
});
afterAll(data.remove);

/** A step that was changed after its release shows here, too: new databases would then have other tables than old ones. */
test.each(CASES)(
  'tables of $version on $engine become those of a new database, and keep every row',
  async ({ version, engine }) => {
    place = await ENGINES[engine]();
    const other = await ENGINES[engine]();
    await layRelease(version, place.url);
    const upgraded = await openDatabase(place.url);
    const fresh = await openDatabase(other.url);
    expect(await formOf(upgraded)).toEqual(await formOf(fresh));
    for (const { table, row } of releasedRows(version)) {
      // Opening a database changes none of the rows' old columns.
      const columns = Object.entries(row).map(
        ([name, value]) => sql`${sql.ref(name)} is not distinct from ${value}`,
      );
      const { rows } =
        await sql`select 1 from ${sql.table(table)} where ${sql.join(columns, sql` and `)}`.execute(
          upgraded.kysely,
        );
      expect({ table, row, found: rows.length }).toEqual({ table, row, found: 1 });
    }
    await upgraded.close();
    await fresh.close();
    await other.remove();
  },
);

test.each(CASES)(
  'a service on a database of $version on $engine goes on where the old one stopped',
  async ({ version, engine }) => {
    place = await ENGINES[engine]();
    await layRelease(version, place.url);
    const facts = releaseFacts(version);
    const clock = wallClock(data.folder, Date.parse(facts.at) + 3600_000 - Date.now());
    service = await startService(
      data.folder,
      { DATABASE_URL: place.url, ...clock.env },
      { flags: clock.flags },
    );

    // The visitor in the middle of a booking comes back by what the widget has kept.
    const issued = await fetch(`${service.url}/widget/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: service.url },
      body: JSON.stringify({ resume: facts.middle.resume }),
    });
    const { token } = (await issued.json()) as { token: string };
    const middle = (await openChat(service.url)).as(facts.middle.conversationId, token);
    const goesOn = await middle.say('how long does one session take?');
    expect(goesOn.join(' ')).toContain('3 to 5 hours');
    expect(goesOn.at(-1)).toContain(facts.middle.asked.trim().split('\n').at(-1));
    await middle.say('410 555 0199');
    await middle.say('friday at 4pm');
    await middle.say('skip');
    expect((await middle.say('yes')).join(' ')).toMatch(/reference is/);

    // What staff have taught answers; who was erased stays so.
    const chat = await openChat(service.url);
    expect((await chat.say('how long do i sit there')).join(' ')).toContain('3 to 5 hours');
    const staff = new StaffBrowser(service.url);
    expect((await staff.signIn(STAFF, PASSWORD)).status).toBe(303);
    const request = (await staff.get(`/staff/requests/${facts.reference}`)).text;
    expect(request).toContain('Ann Lee');
    const conversation = (await staff.get(`/staff/conversations/${facts.whole.conversationId}`)).text;
    expect(conversation).toContain('Called her back.');
    expect(conversation).toContain('returning');
    expect((await staff.get('/staff/conversations?search=session')).text).toContain(
      facts.whole.conversationId,
    );
    const erased = (await staff.get(`/staff/conversations/${facts.erased.conversationId}`)).text;
    expect(erased).toContain('deleted');
    expect(erased).not.toContain('Zebulon');
    expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
    expect(await service.stop()).toBe(0);
    const after = await openDatabase(place.url);
    expect(await createStaffStore(after).checkAudit()).toMatchObject({ ok: true });
    await after.close();
  },
  60_000,
);

test.each(CASES)('a backup of $version is restored into $engine', async ({ version, engine }) => {
  place = await ENGINES[engine]();
  await restore(place.url, releaseFile(version, 'release.backup'), { passphrase: BACKUP_KEY, erased: [] });
  const restored = await openDatabase(place.url);
  const { reference } = releaseFacts(version);
  const kept = await restored.kysely.selectFrom('booking_requests').select(['reference', 'name']).execute();
  expect(kept).toEqual([{ reference, name: 'Ann Lee' }]);
  expect(await createStaffStore(restored).checkAudit()).toMatchObject({ ok: true });
  await restored.close();
});

/** Tables with their columns, and indexes. */
async function formOf({ kysely, engine }: Database): Promise<unknown> {
  const tables = (await kysely.introspection.getTables()).map(({ name, columns }) => ({
    name,
    columns: columns
      .map((column) => ({ ...column }))
      .toSorted((one, other) => (one.name < other.name ? -1 : 1)),
  }));
  const indexes =
    engine === 'sqlite'
      ? sql`select name, sql from sqlite_master where type = 'index' order by name`
      : sql`select indexname as name, indexdef as sql from pg_indexes where schemaname = current_schema() order by indexname`;
  return {
    tables: tables.toSorted((one, other) => (one.name < other.name ? -1 : 1)),
    indexes: (await indexes.execute(kysely)).rows,
  };
}
