import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { openDatabase } from '../../src/storage/open-database';
import type { Database } from '../../src/storage/open-database';

/** A place for one test's database. */
interface Place {
  url: string;
  remove: () => Promise<void>;
}

/**
 * The same tests on SQLite and on Postgres. `open` gives the test's own database, new and empty at its first call;
 * at a second call in the same test (after a close, for instance) it opens the same one again. What a test has
 * left open is closed after it.
 */
export function eachDatabase(name: string, tests: (open: () => Promise<Database>) => void): void {
  describe.each([
    ['SQLite', sqlitePlace],
    ['Postgres', postgresPlace],
  ])(`${name}, on %s`, (_engine, makePlace) => {
    let place: Place | undefined;
    let opened: Database[] = [];

    afterEach(async () => {
      for (const database of opened) await database.close();
      await place?.remove();
      place = undefined;
      opened = [];
    });

    tests(async () => {
      place ??= await makePlace();
      const database = await openDatabase(place.url);
      opened.push(database);
      return database;
    });
  });
}

/** A file in a folder of its own. */
export async function sqlitePlace(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'enquiry-sqlite-'));
  return {
    url: `sqlite:${join(folder, 'enquiries.db')}`,
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A database of its own on the server of start-postgres.ts, or of TEST_POSTGRES_URL. */
export async function postgresPlace(): Promise<Place> {
  const name = `enquiries_${randomBytes(6).toString('hex')}`;
  await onServer(`create database ${name} strategy file_copy`);
  const url = new URL(serverUrl());
  url.pathname = `/${name}`;
  return { url: url.href, remove: () => onServer(`drop database ${name} with (force)`) };
}

async function onServer(statement: string): Promise<void> {
  const client = new Client({ connectionString: serverUrl() });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function serverUrl(): string {
  const url = process.env.TEST_POSTGRES_URL;
  if (url) return url;
  throw new Error(
    process.env.TEST_POSTGRES_PROBLEM ??
      'No Postgres for the tests: jest.config.js has to name tests/support/start-postgres.ts as globalSetup.',
  );
}
