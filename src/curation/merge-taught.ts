import { readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isNode, isScalar, isSeq, parseDocument, stringify, type YAMLSeq } from 'yaml';
import type { TaughtWords } from './taught-knowledge';

/** What became of each phrase. */
export interface MergeResult<Phrase> {
  /** Written, or there already. */
  merged: Phrase[];
  /** The folder has no entry of that id, or no list to write to. */
  homeless: Phrase[];
  /** Files that were written. */
  files: string[];
}

/**
 * Writes phrases into the folder: those of an entry at the end of its `phrasings`, those out of scope at the end of
 * background.yaml. Only lines are added: comments, order and line breaks stay as they are, because nothing is written
 * anew but the new lines.
 */
export function mergeTaught<Phrase extends TaughtWords>(
  folder: string,
  phrases: readonly Phrase[],
): MergeResult<Phrase> {
  const merged: Phrase[] = [];
  const files: string[] = [];
  for (const name of readdirSync(folder).filter((file) => /^[^.~#].*\.ya?ml$/u.test(file))) {
    const file = join(folder, name);
    const before = readFileSync(file, 'utf8');
    let text = before;
    for (const phrase of phrases) {
      const after = merged.includes(phrase) ? undefined : withPhrase(text, phrase);
      if (after === undefined) continue;
      text = after;
      merged.push(phrase);
    }
    if (text === before) continue;
    replaceFile(file, text);
    files.push(name);
  }
  return { merged, homeless: phrases.filter((phrase) => !merged.includes(phrase)), files };
}

/** The file's text with the phrase in it; the same where it is there already, undefined where it has no place here. */
export function withPhrase(text: string, { entry, text: words }: TaughtWords): string | undefined {
  const document = parseDocument(text);
  const list = entry === null ? document.get('background') : phrasingsOf(document.get('entries'), entry);
  if (!isSeq(list) || list.items.length === 0) return undefined;
  if (list.items.some((item) => isScalar(item) && String(item.value) === words)) return text;
  return list.flow === true ? inFlow(text, list, words) : onNewLine(text, list, words);
}

function phrasingsOf(entries: unknown, id: string): unknown {
  if (!isSeq(entries)) return undefined;
  const entry = entries.items.find((item) => isMap(item) && item.get('id') === id);
  return isMap(entry) ? entry.get('phrasings', true) : undefined;
}

/** `[a, b]` becomes `[a, b, new]`. */
function inFlow(text: string, list: YAMLSeq, words: string): string | undefined {
  const end = text.lastIndexOf(']', list.range?.[1] ?? -1);
  return end < 0 ? undefined : `${text.slice(0, end)}, ${scalarOf(words, true)}${text.slice(end)}`;
}

/** A line below the last item, as far in as that one is. */
function onNewLine(text: string, list: YAMLSeq, words: string): string | undefined {
  const range = lastRangeOf(list);
  if (range === undefined) return undefined;
  const [start, end] = range;
  const indent = /^[ ]*(?=- )/.exec(text.slice(text.lastIndexOf('\n', start) + 1))?.[0];
  if (indent === undefined) return undefined;
  const lineEnd = text.indexOf('\n', end);
  const at = lineEnd < 0 ? text.length : lineEnd;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const before = text.slice(0, at).replace(/\r$/, '');
  return `${before}${newline}${indent}- ${scalarOf(words, false)}${newline === '\r\n' && lineEnd >= 0 ? '\r' : ''}${text.slice(at)}`;
}

function lastRangeOf(list: YAMLSeq): [number, number] | undefined {
  const last = list.items.at(-1);
  return isNode(last) && last.range ? [last.range[0], last.range[1]] : undefined;
}

/** As much of a drafted entry as the folder is given. */
export interface DraftedEntry {
  /** Lower-case words joined by hyphens. */
  entry: string;
  title: string;
  phrasings: string[];
  /** Proposed; may be empty. */
  answer: string;
}

/**
 * Writes drafted entries at the end of the longest list of entries, as recognised without an approved answer: what
 * is proposed stands above each as a comment, for whoever approves it. Those whose id is there already are left as
 * they are. @returns the files that were written, and the drafts that the folder has now.
 */
export function mergeDrafts<Draft extends DraftedEntry>(
  folder: string,
  drafts: readonly Draft[],
): { merged: Draft[]; files: string[] } {
  const lists = readdirSync(folder)
    .filter((file) => /^[^.~#].*\.ya?ml$/u.test(file))
    .flatMap((name) => {
      const text = readFileSync(join(folder, name), 'utf8');
      const list = parseDocument(text).get('entries');
      return isSeq(list) && list.items.length > 0 ? [{ name, text, list }] : [];
    });
  const known = new Set(
    lists.flatMap(({ list }) => list.items.map((item) => (isMap(item) ? String(item.get('id')) : ''))),
  );
  const home = lists.sort((one, other) => other.list.items.length - one.list.items.length)[0];
  if (home === undefined) return { merged: [], files: [] };
  const fresh = drafts.filter(({ entry }) => !known.has(entry));
  if (fresh.length > 0) replaceFile(join(folder, home.name), withDrafts(home.text, home.list, fresh));
  return { merged: [...drafts], files: fresh.length > 0 ? [home.name] : [] };
}

/** Behind the list's last item, as far in as its items are. */
function withDrafts(text: string, list: YAMLSeq, drafts: readonly DraftedEntry[]): string {
  const range = lastRangeOf(list);
  const start = range?.[0] ?? 0;
  const indent = /^[ ]*(?=- )/.exec(text.slice(text.lastIndexOf('\n', start) + 1))?.[0] ?? '  ';
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const end = (range?.[1] ?? text.length) - 1;
  const lineEnd = text.indexOf('\n', end);
  const at = lineEnd < 0 ? text.length : lineEnd + 1;
  const before = text.slice(0, at).replace(/\r?\n?$/, newline);
  const blocks = drafts.map((draft) =>
    linesOfDraft(draft)
      .map((line) => `${indent}${line}${newline}`)
      .join(''),
  );
  return `${before}${blocks.map((block) => `${newline}${block}`).join('')}${text.slice(at)}`;
}

function linesOfDraft({ entry, title, phrasings, answer }: DraftedEntry): string[] {
  const comment =
    answer === ''
      ? ['# Drafted in the staff console; no answer was proposed.']
      : [
          '# Drafted in the staff console. To approve the answer that was proposed, write it as "answer" with the',
          '# facts that it rests on, and set approval to full or partial:',
          `#   ${answer}`,
        ];
  return [
    ...comment,
    `- id: ${entry}`,
    `  title: ${scalarOf(title, false)}`,
    `  question: ${scalarOf(phrasings[0] ?? title, false)}`,
    '  phrasings:',
    ...phrasings.map((phrasing) => `    - ${scalarOf(phrasing, false)}`),
    '  approval: none',
  ];
}

/** Quoted where YAML would read it as something else than these words. */
function scalarOf(words: string, inFlowList: boolean): string {
  const plain = stringify(inFlowList ? [words] : words, {
    lineWidth: 0,
    ...(inFlowList && { collectionStyle: 'flow' }),
  }).trim();
  return inFlowList ? plain.replace(/^\[\s*|\s*\]$/g, '') : plain;
}

/** Whole or not at all, so that a reload never sees half a file. */
function replaceFile(file: string, text: string): void {
  const fresh = `${file}.new`;
  writeFileSync(fresh, text);
  renameSync(fresh, file);
}
