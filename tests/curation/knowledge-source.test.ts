import { rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KnowledgeFileError } from '../../src/curation/knowledge-problem';
import {
  openKnowledgeSource,
  type KnowledgeChange,
  type KnowledgeSource,
} from '../../src/curation/knowledge-source';
import { readHere } from '../../src/curation/read-in-thread';
import { changed, knowledgeFolder, removeFolders, SOUND_FILES, WORDING } from './knowledge-folder';

afterAll(removeFolders);

/** The next change. Two seconds are promised; a machine that runs all tests at once is given five. */
function nextChange(source: KnowledgeSource): Promise<KnowledgeChange> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('not seen within five seconds')), 5_000);
    const stop = source.onChange((change) => {
      clearTimeout(late);
      stop();
      resolve(change);
    });
  });
}

async function withSource(story: (source: KnowledgeSource, folder: string) => Promise<void>): Promise<void> {
  const folder = knowledgeFolder();
  const source = openKnowledgeSource(folder, WORDING);
  try {
    await story(source, folder);
  } finally {
    source.close();
  }
}

test('an edited answer is in use without a restart', async () => {
  await withSource(async (source, folder) => {
    const before = source.current().version;
    const change = nextChange(source);
    writeFileSync(
      join(folder, 'smp.yaml'),
      changed('smp.yaml', '3 to 5 hours.', '3 to 5 hours in all.')['smp.yaml'] ?? '',
    );
    expect(await change).toMatchObject({ ok: true });
    expect(source.current().entries[0]?.answer).toBe('One session takes about 3 to 5 hours in all.');
    expect(source.current().version).not.toBe(before);
  });
});

test('a broken file changes nothing but what staff are told, and mending it is enough', async () => {
  await withSource(async (source, folder) => {
    const good = source.current();
    const breaking = nextChange(source);
    writeFileSync(join(folder, 'smp.yaml'), 'entries:\n\t- id: x\n');
    expect(await breaking).toMatchObject({ ok: false });
    expect(source.current()).toBe(good);
    expect(source.lastError()?.message).toContain('smp.yaml:2:1: a tab indents this line');

    const mending = nextChange(source);
    writeFileSync(join(folder, 'smp.yaml'), SOUND_FILES['smp.yaml'] ?? '');
    expect(await mending).toMatchObject({ ok: true });
    expect(source.lastError()).toBeUndefined();
    expect(source.current().version).toBe(good.version);
  });
});

test('a file that is deleted, and even the whole folder, leaves the last good knowledge in use', async () => {
  await withSource(async (source, folder) => {
    const good = source.current();
    const first = nextChange(source);
    unlinkSync(join(folder, 'clinic.yaml'));
    await first;
    expect(source.lastError()?.message).toContain('clinic.yaml:1:1: is missing');
    const second = nextChange(source);
    rmSync(folder, { recursive: true });
    await second;
    expect(source.current()).toBe(good);
    expect(source.lastError()?.message).toContain('cannot be opened (ENOENT)');
  });
});

test('there is no starting without a good knowledge', () => {
  const folder = knowledgeFolder({ 'clinic.yaml': 'name: x\n' });
  expect(() => openKnowledgeSource(folder, WORDING)).toThrow(KnowledgeFileError);
});

test('one file of entries is not enough to talk to visitors with', () => {
  const file = join(knowledgeFolder(), 'smp.yaml');
  expect(() => openKnowledgeSource(file, WORDING)).toThrow('smp.yaml:1:1: is one file: give the folder');
});

test('a reading that fails itself is told once, and tried again', async () => {
  const folder = knowledgeFolder();
  let isBroken = true;
  const source = openKnowledgeSource(folder, WORDING, async (path) =>
    isBroken ? Promise.reject(new Error('out of memory')) : readHere(path, WORDING),
  );
  const told = nextChange(source);
  writeFileSync(join(folder, 'facts.yaml'), 'facts:\n  F6: One session lasts three to five hours.\n');
  expect(await told).toMatchObject({ ok: false });
  expect(source.lastError()?.message).toContain('could not be read (out of memory); it is tried again.');
  const mended = nextChange(source);
  isBroken = false;
  expect(await mended).toMatchObject({ ok: true });
  expect(source.current().facts.get('F6')).toBe('One session lasts three to five hours.');
  source.close();
});
