import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkKnowledge } from '../../src/cli/check-knowledge';
import { knowledgeJsonSchema } from '../../src/curation/entry-schema';
import { changed, knowledgeFolder, removeFolders, WORDING } from '../curation/knowledge-folder';

const SHIPPED = join(__dirname, '..', '..', 'knowledge');

afterAll(removeFolders);

test('a sound folder passes, and what waits for a detail is told', () => {
  const folder = knowledgeFolder();
  const { report, exitCode } = checkKnowledge(folder, true, WORDING);
  expect(report.split('\n')).toEqual([
    'Recognised, and without an approved answer:',
    '  price: answered once clinic.price is filled in in clinic.yaml',
    expect.stringMatching(/: 0 errors, 0 warnings; 2 entries, 1 of them answered; version [0-9a-f]{12}\.$/),
  ]);
  expect(exitCode).toBe(0);
});

test('an error fails the check, with its file, line and column', () => {
  const folder = knowledgeFolder(changed('smp.yaml', '[F6]', '[F6, F9]'));
  const { report, exitCode } = checkKnowledge(folder, false, WORDING);
  expect(report).toBe(
    `${folder}/smp.yaml:21:17: facts.yaml has no fact "F9": add it there, or correct the number.\n${folder}: 1 error, 0 warnings.`,
  );
  expect(exitCode).toBe(1);
});

test('a warning fails the check only where it is strict', () => {
  const folder = knowledgeFolder(changed('smp.yaml', 'label: Price', 'label: What the treatment costs'));
  expect(checkKnowledge(folder, false, WORDING).exitCode).toBe(0);
  const { report, exitCode } = checkKnowledge(folder, true, WORDING);
  expect(report).toContain('smp.yaml:25:12: warning: "What the treatment costs" has 24 characters');
  expect(exitCode).toBe(1);
});

test('the shipped knowledge passes the strict check', () => {
  const { report, exitCode } = checkKnowledge(SHIPPED, true);
  expect(exitCode === 0 ? '' : report).toBe('');
});

test('the schema for editors is that of the reader (npm run --silent knowledge:check -- --schema)', () => {
  expect(JSON.parse(readFileSync(join(SHIPPED, 'schema.json'), 'utf8'))).toEqual(
    JSON.parse(JSON.stringify(knowledgeJsonSchema())),
  );
});
