import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { type AST, RegExpParser, visitRegExpAST } from '@eslint-community/regexpp';
import { parseSync } from '@swc/core';

/** One of the product's regular expressions, and the file where it is first met. */
export interface Expression {
  source: string;
  flags: string;
  file: string;
}

const ROOT = path.resolve(__dirname, '..', '..');

/** All that stand in the program as literals or are put together when its files are loaded; each once. */
export function allExpressions(): Expression[] {
  const literals = nodes('RegExpLiteral').map(({ node, file }) => ({
    source: String(node['pattern']),
    flags: String(node['flags']),
    file,
  }));
  const each = new Map([...literals, ...putTogether()].map((one) => [`/${one.source}/${one.flags}`, one]));
  return [...each.values()];
}

/** Files where one is put together inside a function, and not when the file is loaded. */
export function madeInFunctions(): string[] {
  return nodes('NewExpression')
    .filter(({ node, inFunction }) => inFunction && isRegExp(node['callee']))
    .map(({ file }) => file);
}

/**
 * Texts of `length` characters that come back to each thing an expression repeats, each way of reading it, and then do not
 * match after all: what an expression that can read a text in two ways takes longest over.
 */
export function textsThatRepeat({ source, flags }: Expression, length: number): string[] {
  const pattern = new RegExpParser().parsePattern(source, 0, source.length, {
    unicode: flags.includes('u'),
    unicodeSets: flags.includes('v'),
  });
  const pieces: { before: string; pump: string }[] = [];
  visitRegExpAST(pattern, {
    onQuantifierEnter: (node) => {
      if (node.max < MANY) return;
      const ways = examples(node.element, flags).filter((way) => way !== '');
      const pairs = ways.length > MOST_PAIRED ? [] : ways.flatMap((one) => ways.map((other) => one + other));
      for (const pump of new Set([...ways, ...pairs])) pieces.push({ before: textBefore(node, flags), pump });
    },
  });
  return pieces.flatMap(({ before, pump }) => {
    const text = before + pump.repeat(Math.ceil(length / pump.length)).slice(0, length - before.length - 1);
    return ENDS.map((end) => text + end);
  });
}

/** Fewer repetitions are a bounded amount of work. */
const MANY = 4;
const MOST_PAIRED = 30;
const MOST_EXAMPLES = 64;
const ENDS = ['', '\0', '!', ' '];
/** What classes of characters are shown by: the first two that they take. */
const CHARACTERS = Array.from('aA1 ,.-@\'/\n\t!?é:_$"(){}[]+x😀');

function examples(node: AST.Node, flags: string): string[] {
  switch (node.type) {
    case 'Alternative':
      return together(node.elements.map((element) => examples(element, flags)));
    case 'Group':
    case 'CapturingGroup':
    case 'Pattern':
      return node.alternatives.flatMap((one) => examples(one, flags)).slice(0, MOST_EXAMPLES);
    case 'Quantifier': {
      const once = examples(node.element, flags);
      const enough = once.map((one) => one.repeat(Math.max(node.min, 1)));
      return node.min === 0 ? [...enough, ''] : enough;
    }
    case 'Character':
      return [node.raw.length > 1 ? String.fromCodePoint(node.value) : node.raw];
    case 'CharacterSet':
    case 'CharacterClass':
    case 'ExpressionCharacterClass': {
      const one = new RegExp(`^${node.raw}$`, flags.replace(/[gy]/g, ''));
      return CHARACTERS.filter((character) => one.test(character)).slice(0, 2);
    }
    default:
      return [''];
  }
}

/** As many as the part with the most ways has: the others take turns. */
function together(parts: string[][]): string[] {
  const most = Math.max(1, ...parts.map((ways) => ways.length));
  return Array.from({ length: most }, (_, turn) =>
    parts.map((ways) => ways[turn % Math.max(1, ways.length)] ?? '').join(''),
  );
}

/** What has to stand before a part of an expression for it to be reached. */
function textBefore(node: AST.Node, flags: string): string {
  const { parent } = node;
  if (!parent) return '';
  if (parent.type !== 'Alternative') return textBefore(parent, flags);
  const before = parent.elements.slice(0, parent.elements.indexOf(node as AST.Element));
  return textBefore(parent, flags) + before.map((element) => examples(element, flags)[0] ?? '').join('');
}

interface SyntaxNode {
  type: string;
  [key: string]: unknown;
}

function nodes(type: string): { node: SyntaxNode; file: string; inFunction: boolean }[] {
  return sourceFiles().flatMap((file) => {
    const text = readFileSync(path.join(ROOT, file), 'utf8');
    const found: { node: SyntaxNode; file: string; inFunction: boolean }[] = [];
    const look = (value: unknown, inFunction: boolean): void => {
      if (Array.isArray(value)) return value.forEach((item) => look(item, inFunction));
      if (!isNode(value)) return;
      if (value.type === type) found.push({ node: value, file, inFunction });
      const within = inFunction || /Function|Method|Constructor/.test(value.type);
      for (const child of Object.values(value)) look(child, within);
    };
    look(parseSync(text, { syntax: 'typescript', tsx: file.endsWith('x'), target: 'es2023' }), false);
    return found;
  });
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null;
}

function isRegExp(callee: unknown): boolean {
  return isNode(callee) && callee['value'] === 'RegExp';
}

function sourceFiles(): string[] {
  return ['src', 'dialogs'].flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => path.join(folder, name)),
  );
}

/** Loads the files that put expressions together, and hears of each; not of those of the libraries that they load. */
function putTogether(): Expression[] {
  const made: Expression[] = [];
  const real = globalThis.RegExp;
  const files = new Set(
    nodes('NewExpression')
      .filter(({ node }) => isRegExp(node['callee']))
      .map(({ file }) => file),
  );
  for (const file of files) {
    globalThis.RegExp = new Proxy(real, {
      construct: (target, given: [string, string?]) => {
        const expression = new target(...given);
        // The first line is the message, the second this function.
        const maker = new Error().stack?.split('\n')[2] ?? '';
        if (maker.includes(path.join(ROOT, file))) {
          made.push({ source: expression.source, flags: expression.flags, file });
        }
        return expression;
      },
    });
    jest.isolateModules(() => void require(path.join(ROOT, file)));
  }
  globalThis.RegExp = real;
  return made;
}
