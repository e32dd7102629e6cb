import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkKnowledge } from '../../src/cli/check-knowledge';
import { editorSchemas } from '../../src/curation/editor-schemas';
import { REQUIRED_WORDING } from '../../src/curation/required-wording';
import { changed, knowledgeFolder, removeFolders, WORDING } from '../curation/knowledge-folder';

const SHIPPED = join(__dirname, '..', '..', 'knowledge');

afterAll(removeFolders);

test('a sound folder passes, and what waits for a detail is told', async () => {
  const folder = knowledgeFolder();
  const { report, exitCode } = await checkKnowledge(folder, { strict: true, wording: WORDING });
  expect(report.split('\n')).toEqual([
    'Recognised, and without an approved answer:',
    '  price: answered once clinic.price is filled in in clinic.yaml',
    expect.stringMatching(/: 0 errors, 0 warnings; 2 entries, 1 of them answered; version [0-9a-f]{12}\.$/),
  ]);
  expect(exitCode).toBe(0);
});

test('an error fails the check, with its file, line and column', async () => {
  const folder = knowledgeFolder(changed('smp.yaml', '[F6]', '[F6, F9]'));
  const { report, exitCode } = await checkKnowledge(folder, { strict: false, wording: WORDING });
  expect(report).toBe(
    `${folder}/smp.yaml:21:17: facts.yaml has no fact "F9": add it there, or correct the number.\n${folder}: 1 error, 0 warnings.`,
  );
  expect(exitCode).toBe(1);
});

test('a warning fails the check only where it is strict', async () => {
  const folder = knowledgeFolder(changed('smp.yaml', 'label: Price', 'label: What the treatment costs'));
  expect((await checkKnowledge(folder, { strict: false, wording: WORDING })).exitCode).toBe(0);
  const { report, exitCode } = await checkKnowledge(folder, { strict: true, wording: WORDING });
  expect(report).toContain('smp.yaml:25:12: warning: "What the treatment costs" has 24 characters');
  expect(exitCode).toBe(1);
});

test('the shipped knowledge passes the strict check', async () => {
  const { report, exitCode } = await checkKnowledge(SHIPPED, { strict: true });
  expect(exitCode === 0 ? '' : report).toBe('');
  // Some 2,300 phrasings are asked: 5 s alone, far more beside all other tests.
}, 120_000);

/** The sound folder with `phrasings` more at the end of the first entry, line 19 on. */
const withPhrasings = (...phrasings: string[]) =>
  knowledgeFolder(
    changed(
      'smp.yaml',
      '      - minutes or hours\n',
      ['minutes or hours', ...phrasings].map((each) => `      - ${each}\n`).join(''),
    ),
  );
const warningsOf = async (folder: string) => {
  const { report } = await checkKnowledge(folder, { strict: true, wording: WORDING });
  return report
    .split('\n')
    .filter((line) => line.includes(': warning: '))
    .map((line) => line.replace(`${folder}/`, ''));
};

test('a phrasing that another entry answers is named, with that entry', async () => {
  const hello = ['hello there', 'good morning to all', 'greetings', 'hi everybody', 'hello, give me a quote'];
  const folder = knowledgeFolder({
    'talk.yaml': `entries:\n  - id: hello\n    kind: small-talk\n    answer: Hello!\n    phrasings:\n${hello.map((each) => `      - ${each}\n`).join('')}`,
  });
  expect(await warningsOf(folder)).toContainEqual(
    'talk.yaml:10:9: warning: "hello, give me a quote" is read as "price" (What does it cost?), not as "hello": move it there, delete it, or say in it what sets it apart.',
  );
});

test('a phrasing that nearly repeats one of another entry is named, with that entry', async () => {
  expect(await warningsOf(withPhrasings('what do u charge'))).toContainEqual(
    expect.stringMatching(/: "what do (u|you) charge" is nearly "what do (u|you) charge" of "/),
  );
});

test('a phrasing in other spelling and order that says the same is named, with its twin', async () => {
  expect(await warningsOf(withPhrasings('hows long is one sesion'))).toEqual([
    expect.stringMatching(/^smp\.yaml:19:9: warning: "hows long is one sesion" .*"how long is one session"/),
  ]);
});

test('many phrasings that are all alike do not make up for few', async () => {
  const alike = Array.from({ length: 12 }, (_, number) => `what is the price of ${'it '.repeat(number + 1)}`);
  const folder = knowledgeFolder({
    'more.yaml': `entries:\n  - id: fee\n    topic: price\n    approval: none\n    phrasings: [${alike.join(', ')}]\n`,
  });
  expect(await warningsOf(folder)).toContainEqual(
    expect.stringMatching(/^more\.yaml:5:16: warning: only \d of the phrasings of "fee" are dissimilar/),
  );
});

test('a phrasing that gets the safety text is named', async () => {
  expect(await warningsOf(withPhrasings('will i hurt myself there'))).toEqual([
    expect.stringContaining(
      'smp.yaml:19:9: warning: "will i hurt myself there" gets the safety text (crisis)',
    ),
  ]);
});

test('background that is answered all the same is named', async () => {
  const folder = knowledgeFolder(
    changed('background.yaml', 'what is the weather like', 'hello, what do you charge for it please'),
  );
  expect(await warningsOf(folder)).toEqual([
    expect.stringMatching(/^background\.yaml:2:5: warning: ".*" is answered by "price"/),
  ]);
});

test('a loose number such as "a couple of" needs a fact as well', async () => {
  const folder = knowledgeFolder(
    changed('smp.yaml', 'One session takes about 3', 'For a couple of years one session takes about 3'),
  );
  expect(await warningsOf(folder)).toEqual([
    'smp.yaml:20:13: warning: says couple, which none of its facts has: cite the fact, or leave the number out.',
  ]);
});

test('links are asked only on demand; one that does not answer is named at its place', async () => {
  const folder = knowledgeFolder(
    changed(
      'smp.yaml',
      '3 to 5 hours.',
      '3 to 5 hours, see https://clinic.test/gone. Or https://clinic.test/ok',
    ),
  );
  const asked: string[] = [];
  const fetch = async (address: string) => {
    asked.push(address);
    return { status: address.endsWith('/ok') ? 200 : 404 };
  };
  expect(await warningsOf(folder)).toEqual([]);
  const { report } = await checkKnowledge(folder, { strict: true, wording: WORDING, fetch });
  expect(new Set(asked)).toEqual(new Set(['https://clinic.test/gone', 'https://clinic.test/ok']));
  expect(report).toContain(
    'smp.yaml:20:13: warning: the link https://clinic.test/gone answers with error 404: correct it, or take it out.',
  );
  expect(report).not.toContain('https://clinic.test/ok answers');
});

test('a link to a server that is not there is named with the reason', async () => {
  const folder = knowledgeFolder(
    changed('smp.yaml', '3 to 5 hours.', '3 to 5 hours, see https://nowhere.test'),
  );
  const fetch = async () => Promise.reject(new Error('no such host'));
  const { report } = await checkKnowledge(folder, { strict: true, wording: WORDING, fetch });
  expect(report).toContain('the link https://nowhere.test does not answer (no such host)');
});

test.each(Object.entries(editorSchemas(REQUIRED_WORDING)))(
  'the editors check %s as the reader does (npm run knowledge:check -- --write-schemas)',
  (file, schema) => {
    const kept = join('schema', file.replace('.yaml', '.json'));
    expect(JSON.parse(readFileSync(join(SHIPPED, kept), 'utf8'))).toEqual(JSON.parse(JSON.stringify(schema)));
    const [firstLine] = readFileSync(join(SHIPPED, file), 'utf8').split('\n');
    expect(firstLine).toBe(`# yaml-language-server: $schema=${kept}`);
  },
);
