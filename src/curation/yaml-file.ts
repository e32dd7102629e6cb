import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Node,
  type Pair,
  type Scalar,
  type YAMLParseError,
} from 'yaml';
import type { Problem } from './knowledge-problem';

/**
 * What a file says, as plain as it was typed: every scalar is the text in the file (`0301` stays `0301`, `yes`
 * stays `yes`), an empty one is null. Numbers are made where a number is meant, by the shapes.
 */
export type Plain = string | null | Plain[] | { [key: string]: Plain };

export type YamlPath = readonly (string | number)[];

/** One knowledge file that could be read; knows where each of its values stands. */
export interface YamlFile {
  /** As shown in problems. */
  file: string;
  content: Plain;
  /**
   * A problem at the value of `path`, or at its nearest existing parent. With `of: 'key'` the problem is put at
   * the key that names it.
   */
  problem(severity: Problem['severity'], path: YamlPath, message: string, of?: 'key' | 'value'): Problem;
}

/** Files of the folder: larger than any hand-written one, small enough that no reading takes seconds. */
export const LARGEST_FILE_BYTES = 1024 * 1024;

/** No knowledge file nests deeper than five levels. */
const DEEPEST_LEVEL = 20;

/**
 * Reads one YAML file. Refused besides what is not YAML: anchors and aliases, tags, keys that are not text,
 * keys given twice, more than one document, control characters, text that is not UTF-8, and more than
 * `largest` bytes. Never throws.
 */
export function readYamlFile(
  file: string,
  bytes: Uint8Array,
  largest = LARGEST_FILE_BYTES,
): { ok: true; yaml: YamlFile } | { ok: false; problems: Problem[] } {
  const text = readText(file, bytes, largest);
  if (typeof text !== 'string') return { ok: false, problems: [text] };
  const lines = new LineCounter();
  const place = (offset: number): { line: number; column: number } => placeOf(lines, text, offset);
  const error = (offset: number, message: string): Problem => ({
    file,
    ...place(offset),
    severity: 'error',
    message,
  });

  // uniqueKeys compares every key with every other: keys given twice are found below, in one pass. Brackets
  // nested by the thousand are an error of the parser's own, not a full stack.
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: false,
    prettyErrors: false,
    schema: 'core',
  });
  const strayLines = straysIn(text).map(({ offset, message }) => error(offset, message));
  if (strayLines.length > 0) return { ok: false, problems: strayLines };
  if (document.errors.length > 0) {
    return {
      ok: false,
      problems: onePerLine(document.errors.map((each) => error(each.pos[0], inWords(each)))),
    };
  }

  const problems: Problem[] = [];
  const content = plain(document.contents, 0, (offset, message) => problems.push(error(offset, message)));
  if (problems.length > 0) return { ok: false, problems };
  const root = document.contents;
  return {
    ok: true,
    yaml: {
      file,
      content,
      problem: (severity, path, message, of = 'value') => ({
        file,
        ...place(offsetOf(root, path, of)),
        severity,
        message,
      }),
    },
  };
}

/** The parser says several things about one broken line; the first is the cause. */
function onePerLine(problems: Problem[]): Problem[] {
  const first = new Map<number, Problem>();
  for (const problem of problems) if (!first.has(problem.line)) first.set(problem.line, problem);
  return [...first.values()];
}

/** Lines that came in with a paste or a merge; what the parser says of them, if anything, leads astray. */
function straysIn(text: string): { offset: number; message: string }[] {
  return [...text.matchAll(STRAY)].map(({ index, groups }) => ({
    offset: index,
    message:
      groups?.['marker'] === undefined
        ? 'a special space, as web pages and word processors have them, indents this line. Delete it and type ordinary spaces.'
        : `"${groups['marker']}" stands where two versions of the file were merged. Keep the lines of one version, and delete the others and every such line.`,
  }));
}

/** A merge's marker, also one that was indented later, or white space at a line's start that is no ordinary one. */
const STRAY =
  /^[ \t]*(?:(?<marker><{7}(?=[ \r\n])|\|{7}(?=[ \r\n])|={7}(?=\r?\n)|>{7}(?=[ \r\n]))|[\u00A0\u1680\u2000-\u200B\u202F\u205F\u3000])/gmu;

function readText(file: string, bytes: Uint8Array, largest: number): string | Problem {
  const refuse = (line: number, column: number, message: string): Problem => ({
    file,
    line,
    column,
    severity: 'error',
    message,
  });
  if (bytes.byteLength > largest) {
    const size = `${(bytes.byteLength / 1024 / 1024).toFixed(1)} MB`;
    return refuse(1, 1, `is ${size}, and more than ${largest / 1024 / 1024} MB is not read: split the file.`);
  }
  const text = new TextDecoder('utf-8').decode(bytes);
  const unreadable = isUtf8(bytes) ? CONTROL_CHARACTER.exec(text) : /\uFFFD/u.exec(text);
  if (unreadable === null) return text;
  const before = text.slice(0, unreadable.index).split('\n');
  const message = isUtf8(bytes)
    ? 'an invisible control character stands here: delete it and type the text again.'
    : 'is not UTF-8 text from here on: save the file as UTF-8.';
  return refuse(before.length, (before.at(-1) ?? '').length + 1, message);
}

// Everything below the space but tab and line ends, and the delete character.
// eslint-disable-next-line no-control-regex
const CONTROL_CHARACTER = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/u;

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function placeOf(lines: LineCounter, text: string, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(Math.min(Math.max(offset, 0), text.length));
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** As typed: `404:` is the key 404. */
function keyText(key: Scalar): string {
  return typeof key.value === 'string' ? key.value : (key.source ?? '');
}

type Refuse = (offset: number, message: string) => void;

function plain(node: unknown, level: number, refuse: Refuse): Plain {
  if (!isNode(node)) return null;
  const offset = startOf(node);
  if (level > DEEPEST_LEVEL) {
    refuse(offset, 'nested too deeply: no part of the knowledge has so many levels. Check the indentation.');
    return null;
  }
  if (isAlias(node)) {
    refuse(
      offset,
      `"*${node.source}" refers to another place of the file, which is not allowed here (a copied answer would change unseen). Write the text out, or put it in quotes if it starts with *.`,
    );
    return null;
  }
  if (node.anchor !== undefined) {
    refuse(
      offset,
      `"&${node.anchor}" names this place for reuse, which is not allowed here. Delete it, or put the text in quotes if it starts with &.`,
    );
  }
  if (node.tag !== undefined) {
    refuse(
      offset,
      'starts with a YAML tag, which is not allowed here. Put the text in quotes if it starts with !.',
    );
    return null;
  }
  if (isMap(node)) return plainMap(node.items, level, refuse);
  if (isSeq(node)) return node.items.map((item) => plain(item, level + 1, refuse));
  if (!isScalar(node)) return null;
  const text = plainScalar(node.value, node.source);
  if (text !== null && node.type === 'PLAIN' && CURLY_QUOTES.test(text))
    refuse(offset, 'curly quotes stand around this text. Type straight ones (") instead, or none.');
  if (text !== null && CONTROL_CHARACTER.test(text)) {
    refuse(
      offset,
      'this text contains an invisible control character (written with a backslash): delete it.',
    );
  }
  return text;
}

function plainMap(items: Pair[], level: number, refuse: Refuse): Plain {
  const seen = new Map<string, Plain>();
  for (const { key, value } of items) {
    if (!isNode(key) || !isScalar(key) || key.anchor !== undefined) {
      refuse(
        isNode(key) ? startOf(key) : 0,
        'this key is not plain text. Write a word, then a colon and a space.',
      );
      continue;
    }
    const name = keyText(key);
    if (seen.has(name)) {
      refuse(startOf(key), `"${name}" stands here a second time. Keep one of the two.`);
    } else if (name === '__proto__') {
      refuse(startOf(key), '"__proto__" cannot be a key.');
    } else {
      seen.set(name, plain(value, level + 1, refuse));
    }
  }
  return Object.fromEntries(seen);
}

function plainScalar(value: unknown, source: string | undefined): string | null {
  if (value === null) return null;
  return typeof value === 'string' ? value : (source ?? '');
}

/** A word processor's quotes around the whole text: YAML, and with it the visitor, takes them for a part of it. */
const CURLY_QUOTES = /^[“”„‘’][^“”„‘’]*[“”‘’]$/u;

function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

function offsetOf(root: unknown, path: YamlPath, of: 'key' | 'value'): number {
  let node = root;
  let offset = isNode(root) ? startOf(root) : 0;
  for (const [depth, step] of path.entries()) {
    const isLast = depth === path.length - 1;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && keyText(key) === String(step));
      if (pair === undefined) return offset;
      const at =
        isNode(pair.value) && !(isLast && of === 'key') && !isEmpty(pair.value) ? pair.value : pair.key;
      if (isNode(at)) offset = startOf(at);
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      if (!isNode(node)) return offset;
      offset = startOf(node);
    } else {
      return offset;
    }
  }
  return offset;
}

/** Nothing was typed after the colon: the key is the place to look at. */
function isEmpty(node: Node): boolean {
  return isScalar(node) && node.value === null && (node.source ?? '') === '';
}

/** The parser's complaint as one who never heard of YAML would put it; its own words where no better are known. */
function inWords(error: YAMLParseError): string {
  return IN_WORDS[error.code] ?? `cannot be read as YAML: ${firstSentence(error.message)}.`;
}

const IN_WORDS: Partial<Record<YAMLParseError['code'], string>> = {
  TAB_AS_INDENT: 'a tab indents this line. Replace it with spaces: YAML allows no tabs there.',
  BAD_INDENT:
    'the indentation does not fit the lines above. Lines of one entry start in the same column, two spaces further in than its "-"; lines of a list each with a dash and a space.',
  MULTIPLE_DOCS: '"---" starts a second document here. Delete that line.',
  BLOCK_AS_IMPLICIT_KEY:
    'a second ": " stands in this line, or the line above has no value. Put the text in quotes if it contains ": ".',
  BLOCK_IN_FLOW: 'a list in [brackets] goes on without a comma or a closing bracket before this line.',
  MULTILINE_IMPLICIT_KEY:
    'a key is missing its colon: write "key: text" on one line, with a space after the colon.',
  RESOURCE_EXHAUSTION: 'nested too deeply to be read: remove the extra brackets.',
  IMPOSSIBLE: 'cannot be read here. Check the indentation and the quotes of the lines above.',
  BAD_ALIAS: 'a text that starts with * or & must be put in quotes.',
  BAD_DQ_ESCAPE: 'a backslash in "double quotes" starts an escape. Write two of them, or use single quotes.',
  BAD_SCALAR_START: 'a text that starts with this character must be put in quotes.',
  BAD_DIRECTIVE: 'a line that starts with % must be put in quotes.',
  MISSING_CHAR:
    'something is missing here: the colon after a key and the space behind it, or what closes a quote or bracket. Check the indentation, too.',
  UNEXPECTED_TOKEN:
    'this is not expected here. Check the indentation and the quotes: a text that contains ": " or " #", or starts with a special character, must be put in quotes.',
};

function firstSentence(message: string): string {
  return message.split('\n')[0]?.replace(/\.$/u, '') ?? message;
}
