import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KnowledgeFileError, type Problem } from '../../src/curation/knowledge-problem';
import { readKnowledge } from '../../src/curation/read-knowledge';

/** A whole and faultless folder, as small as one can be; the tests break one thing in it at a time. */
export const SOUND_FILES: Readonly<Record<string, string>> = {
  'clinic.yaml': `name: Test Clinic
location: Springfield, USA
timeZone: America/New_York
country: US
details:
  price: ""
  phone: "+1 555 010 0000"
consent:
  version: "1"
  text: Is it all right if {{clinic.name}} keeps your details?
retention:
  unfinishedChats: 30
  transcripts: 180
  requests: 730
`,
  'smp.yaml': `entries:
  - id: session-length
    title: How long one session takes
    label: Session length
    question: How long does one session take?
    phrasings:
      - how long is one session
      - hours in the chair
      - duration of a visit
      - when will i be out again
      - does it fill a morning
      - time needed per sitting
      - is it a whole day thing
      - length of a treatment
      - how many hours should i plan
      - will i miss lunch
      - can it be done in a break
      - minutes or hours
    approval: full
    answer: One session takes about 3 to 5 hours.
    facts: [F6]
    followUps: [price]
  - id: price
    title: What it costs
    label: Price
    question: What does it cost?
    phrasings:
      - how much is it
      - what do you charge
      - price list
      - is it expensive
      - rates please
      - cost of everything
      - what would i pay
      - can i afford this
      - give me a quote
      - money
      - what is the damage
      - ballpark figure
    answer: The price is {{clinic.price}}.
    needs: [clinic.price]
`,
  'facts.yaml': 'facts:\n  F6: One session lasts about three to five hours.\n',
  'wording.yaml': 'chat:\n  hello: Hello {name}, this is {{clinic.name}}.\n',
  'lexicon.yaml': 'concepts:\n  cost: [Price, how much]\n',
  'background.yaml': 'background:\n  - what is the weather like\n',
  'fillers.yaml': 'fillers:\n  - a friend told me about you\n',
  'safety.yaml': `safety:
  - kind: crisis
    phrases: [hurt myself]
    words: { weapon: [gun, rifle], ready: [Loaded] }
    together: [[weapon, ready]]
    text: Please call 988.
`,
  'costs.yaml':
    'costs:\n  wrongAnswer: 4\n  answeredOutOfScope: 5\n  offer: 0.3\n  uselessOffer: 1\n  missedAnswer: 1.5\n',
};

/** What the wording of these folders must have. */
export const WORDING = { 'chat.hello': ['name'] };

/** A new folder with the sound files, some of them replaced, or left out where undefined. */
export function knowledgeFolder(changes: Record<string, string | Uint8Array | undefined> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'knowledge-'));
  folders.push(folder);
  for (const [name, content] of Object.entries({ ...SOUND_FILES, ...changes })) {
    if (content !== undefined) writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** One of the sound files with one thing in it changed. */
export function changed(name: string, from: string, to: string): Record<string, string> {
  const text = SOUND_FILES[name] ?? '';
  if (!text.includes(from)) throw new Error(`${name} has no "${from}"`);
  return { [name]: text.replace(from, to) };
}

/** Every problem of the folder as `smp.yaml:3:5: message`, errors first marked with E, warnings with W. */
export function problemsIn(folder: string): string[] {
  return read(folder).map(
    ({ file, line, column, severity, message }) =>
      `${severity === 'error' ? 'E' : 'W'} ${file.replace(`${folder}/`, '')}:${line}:${column}: ${message}`,
  );
}

function read(folder: string): Problem[] {
  try {
    return readKnowledge(folder, WORDING).warnings;
  } catch (error) {
    if (error instanceof KnowledgeFileError) return error.problems;
    throw error;
  }
}

const folders: string[] = [];

/** To be called after all tests of a file. */
export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}
