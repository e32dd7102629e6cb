import { createHash } from 'node:crypto';
import type { Knowledge } from '../answers/knowledge';
import { plainEntry } from '../answers/plain-knowledge';

/** A visitor's words that staff have taught; `entry` null: nothing may answer them. */
export interface TaughtWords {
  text: string;
  entry: string | null;
}

/**
 * The folder's knowledge with what staff have taught on top; the very same object where they have taught nothing.
 * What belongs to an entry that the folder no longer has is left out. The version tells the two apart.
 */
export function teach(knowledge: Knowledge, taught: readonly TaughtWords[]): Knowledge {
  const known = new Set(knowledge.entries.map(({ id }) => id));
  const used = taught.filter(({ entry }) => entry === null || known.has(entry));
  if (used.length === 0) return knowledge;
  const phrasings = new Map<string, string[]>();
  for (const { entry, text } of used)
    if (entry !== null) phrasings.set(entry, [...(phrasings.get(entry) ?? []), text]);
  return {
    ...knowledge,
    version: versionOf(knowledge, used),
    entries: knowledge.entries.map((entry) => {
      const more = phrasings.get(entry.id);
      return more === undefined ? entry : { ...entry, phrasings: added(entry.phrasings, more) };
    }),
    background: added(
      knowledge.background,
      used.filter(({ entry }) => entry === null).map(({ text }) => text),
    ),
  };
}

/** An entry that staff have drafted, as `npm run knowledge:merge` would write it: recognised, with no approved answer. */
export interface DraftedWords {
  entry: string;
  title: string;
  phrasings: string[];
}

/** The knowledge with the draft as one more entry. */
export function withDraft(knowledge: Knowledge, { entry, title, phrasings }: DraftedWords): Knowledge {
  const draft = plainEntry({
    id: entry,
    title,
    label: title.slice(0, LONGEST_LABEL),
    question: phrasings[0] ?? title,
    phrasings,
    approval: 'none',
  });
  const version = versionOf(
    knowledge,
    phrasings.map((text) => ({ entry, text })),
  );
  return { ...knowledge, version, entries: [...knowledge.entries, draft] };
}

const LONGEST_LABEL = 20;

/** Without those that are there already. */
function added(phrasings: string[], more: string[]): string[] {
  return [...new Set([...phrasings, ...more])];
}

function versionOf(knowledge: Knowledge, used: readonly TaughtWords[]): string {
  const hash = createHash('sha256').update(knowledge.version);
  for (const { entry, text } of used) hash.update(`\0${entry ?? ''}\0${text}`);
  return hash.digest('hex').slice(0, 12);
}
