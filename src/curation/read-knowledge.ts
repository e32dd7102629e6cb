import type { z } from 'zod';
import type { Clinic, Costs, Entry, Knowledge } from '../answers/knowledge';
import { EQUAL_COSTS } from '../answers/plain-knowledge';
import { checkEntries, type PlacedEntry } from './check-entries';
import { checkQuality, textWarnings } from './check-quality';
import { clinicVariables, toClinic } from './clinic-details';
import {
  clinicSchema,
  conceptSchema,
  costsSchema,
  entrySchema,
  safetySchema,
  textSchema,
  type EntryShape,
} from './entry-schema';
import { emptyVariables, fillVariables, usedVariables } from './fill-variables';
import { readKnowledgeFiles, type KnowledgeFiles, type NamedFile } from './knowledge-files';
import { KnowledgeFileError, sortProblems, type Problem } from './knowledge-problem';
import { REQUIRED_WORDING, type RequiredWording } from './required-wording';
import { readShape, reportUnknownKeys, valueAt } from './shape-problems';
import { wordingOf } from './wording-file';
import type { YamlFile, YamlPath } from './yaml-file';

/** A knowledge, what could be better about it, and where its sentences stand. */
export interface ReadKnowledge {
  knowledge: Knowledge;
  /** Sorted by place; looked for when asked, since a start has no use for them. */
  readonly warnings: Problem[];
  /** In the order of `knowledge.entries`. */
  entries: PlacedEntry[];
  /** In the order of `knowledge.background`. */
  background: Place[];
  /** Every file that was read. */
  files: YamlFile[];
}

/**
 * The knowledge at `path`: a folder, or one file with `entries:` for measuring on other questions (there ids
 * are free, answers and facts may be left out, and the clinic, the wording and the rest are neutral).
 * Variables are filled in; an entry whose `needs` are not all filled in has approval `none`.
 * @param requiredWording the keys that wording.yaml must have, no more and no fewer, with their `{places}`.
 * @throws KnowledgeFileError with every error and warning of all files at once; nothing else.
 */
export function readKnowledge(
  path: string,
  requiredWording: RequiredWording = REQUIRED_WORDING,
): ReadKnowledge {
  const problems: Problem[] = [];
  const files = readKnowledgeFiles(path, problems);
  const sections = new Sections(files, problems);
  const { knowledge, entries, weaknesses } = assemble(sections, requiredWording);
  if (problems.some(({ severity }) => severity === 'error'))
    throw new KnowledgeFileError([...problems, ...weaknesses()]);
  return {
    knowledge,
    get warnings() {
      return sortProblems([...problems, ...weaknesses()]);
    },
    entries,
    background: sections.list('background.yaml', 'background', textSchema),
    files: [...files.named.values(), ...files.entryFiles],
  };
}

/** As far as the files can be understood: what is wrong was added to the problems, and its place left empty. */
function assemble(
  sections: Sections,
  requiredWording: RequiredWording,
): { knowledge: Knowledge; entries: PlacedEntry[]; weaknesses: () => Problem[] } {
  const { files, problems } = sections;
  const clinic = sections.clinic();
  const variables = clinicVariables(clinic ?? NEUTRAL_CLINIC);
  const facts = new Map(
    sections.map('facts.yaml', 'facts', textSchema).map(({ key, value }) => [key, value]),
  );
  const entries = sections.entries();
  checkEntries(entries, {
    single: files.single,
    ids: sections.ids(),
    facts: files.named.has('facts.yaml') ? facts : undefined,
    // Without a readable clinic.yaml every variable would be unknown: its own problem is enough.
    variables: files.single || clinic === undefined ? undefined : variables,
    problems,
  });
  const safety = sections.list('safety.yaml', 'safety', safetySchema);
  const helplines = safety.map(({ value }) => value.text);
  const fill = ({ yaml, path }: Place, text: string): string => {
    const empty = clinic === undefined ? [] : emptyVariables(text, variables);
    for (const message of empty) problems.push(yaml.problem('error', path, message));
    return fillVariables(text, variables);
  };
  const knowledge = {
    version: files.version,
    clinic: filledClinic(clinic ?? NEUTRAL_CLINIC, files, fill),
    entries: entries.map(({ shape }) => toEntry(shape, variables)),
    facts,
    concepts: sections
      .map('lexicon.yaml', 'concepts', conceptSchema)
      .map(({ key, value }) => ({ name: key, words: lowerCase(value) })),
    background: sections.list('background.yaml', 'background', textSchema).map(({ value }) => value),
    fillers: sections.list('fillers.yaml', 'fillers', textSchema).map(({ value }) => value),
    safety: safety.map(({ value, ...place }) => ({
      kind: value.kind,
      phrases: lowerCase(value.phrases),
      together: (value.together ?? []).map((names) =>
        names.map((name) => lowerCase(value.words?.[name] ?? [])),
      ),
      except: lowerCase(value.except ?? []),
      notAfter: lowerCase(value.notAfter ?? []),
      past: lowerCase(value.past ?? []),
      text: fill({ ...place, path: [...place.path, 'text'] }, value.text),
    })),
    costs: files.single
      ? EQUAL_COSTS
      : (sections.whole('costs.yaml', ['costs'], costsSchema) ?? CAREFUL_COSTS),
    wording: new Map(
      wordingOf(files.named.get('wording.yaml'), requiredWording, problems).map(({ key, text, ...place }) => [
        key,
        fill(place, text),
      ]),
    ),
  };
  return {
    knowledge,
    entries,
    weaknesses: () => checkQuality(entries, { facts, helplines, single: files.single }),
  };
}

/** One value of one file. */
export interface Place {
  yaml: YamlFile;
  path: YamlPath;
}

/** The parts of the files, each read in its shape; problems go where all others go. */
class Sections {
  constructor(
    readonly files: KnowledgeFiles,
    readonly problems: Problem[],
  ) {}

  /** Undefined where clinic.yaml is missing or wrong; neutral for a single file. */
  clinic(): Clinic | undefined {
    if (this.files.single) return NEUTRAL_CLINIC;
    const yaml = this.files.named.get('clinic.yaml');
    const shape = this.whole('clinic.yaml', [], clinicSchema);
    if (yaml === undefined || shape === undefined) return undefined;
    for (const [name, text] of Object.entries(shape.details ?? {})) {
      const warnings = textWarnings(text).map((message) =>
        yaml.problem('warning', ['details', name], message),
      );
      this.problems.push(...warnings);
    }
    return toClinic(shape);
  }

  entries(): PlacedEntry[] {
    return this.files.entryFiles.flatMap((yaml) =>
      this.listIn(yaml, 'entries', entrySchema).map(({ value, ...place }) => ({ shape: value, ...place })),
    );
  }

  /** Also the ids of entries that are wrong in another way, so that one mistake is one problem. */
  ids(): Set<string> {
    const ids = this.files.entryFiles.flatMap(({ content }) => {
      const entries = valueAt(content, ['entries']);
      return Array.isArray(entries) ? entries.map((entry) => valueAt(entry, ['id'])) : [];
    });
    return new Set(ids.filter((id) => typeof id === 'string').map((id) => id.trim()));
  }

  whole<Shape extends z.ZodType>(name: NamedFile, path: YamlPath, shape: Shape): z.output<Shape> | undefined {
    const yaml = this.files.named.get(name);
    if (yaml === undefined || !this.hasOnly(yaml, path)) return undefined;
    return readShape(shape, yaml, path, this.problems);
  }

  list<Shape extends z.ZodType>(name: NamedFile, section: string, shape: Shape): Placed<z.output<Shape>>[] {
    const yaml = this.files.named.get(name);
    return yaml === undefined ? [] : this.listIn(yaml, section, shape);
  }

  map<Shape extends z.ZodType>(
    name: NamedFile,
    section: string,
    shape: Shape,
  ): (Placed<z.output<Shape>> & { key: string })[] {
    const yaml = this.files.named.get(name);
    if (yaml === undefined || !this.hasOnly(yaml, [section])) return [];
    const lines = valueAt(yaml.content, [section]);
    if (lines === null || typeof lines !== 'object' || Array.isArray(lines)) {
      const message = `"${section}" must have lines of the form "key: text" below it, two spaces further in.`;
      this.problems.push(yaml.problem('error', [section], message));
      return [];
    }
    return Object.keys(lines).flatMap((key) =>
      this.item(yaml, [section, key], shape).map((placed) => ({ ...placed, key })),
    );
  }

  private listIn<Shape extends z.ZodType>(
    yaml: YamlFile,
    section: string,
    shape: Shape,
  ): Placed<z.output<Shape>>[] {
    if (!this.hasOnly(yaml, [section])) return [];
    const items = valueAt(yaml.content, [section]);
    if (!Array.isArray(items)) {
      const message = `"${section}" must be a list: each item starts with "- ", two spaces further in.`;
      this.problems.push(yaml.problem('error', [section], message));
      return [];
    }
    return items.flatMap((_, index) => this.item(yaml, [section, index], shape));
  }

  private item<Shape extends z.ZodType>(
    yaml: YamlFile,
    path: YamlPath,
    shape: Shape,
  ): Placed<z.output<Shape>>[] {
    const value = readShape(shape, yaml, path, this.problems);
    return value === undefined ? [] : [{ value, yaml, path }];
  }

  /** Does the file have its section, and reports what else stands at its top level. */
  private hasOnly(yaml: YamlFile, [section]: YamlPath): boolean {
    return section === undefined || reportUnknownKeys(yaml, String(section), this.problems);
  }
}

interface Placed<Value> extends Place {
  value: Value;
}

function lowerCase(words: string[]): string[] {
  return words.map((word) => word.toLowerCase());
}

function filledClinic(
  clinic: Clinic,
  { named }: KnowledgeFiles,
  fill: (place: Place, text: string) => string,
): Clinic {
  const yaml = named.get('clinic.yaml');
  if (yaml === undefined) return clinic;
  const { version, text, elsewhere } = clinic.consent;
  const translated = Object.entries(elsewhere ?? {}).map(([language, words]) => [
    language,
    fill({ yaml, path: ['consent', 'elsewhere', language] }, words),
  ]);
  return {
    ...clinic,
    consent: {
      version,
      text: fill({ yaml, path: ['consent', 'text'] }, text),
      ...(elsewhere && { elsewhere: Object.fromEntries(translated) }),
    },
  };
}

function toEntry(shape: EntryShape, variables: ReadonlyMap<string, string>): Entry {
  const title = shape.title ?? spelledOut(shape.id);
  const missing = missingDetails(shape, variables);
  return {
    id: shape.id,
    topic: shape.topic ?? shape.id,
    title,
    label: shape.label ?? shortened(title),
    question: shape.question ?? shape.phrasings[0] ?? title,
    phrasings: shape.phrasings,
    approval: missing.length > 0 ? 'none' : (shape.approval ?? 'full'),
    answer: missing.length > 0 ? '' : fillVariables(shape.answer ?? '', variables),
    related: fillVariables(shape.related ?? '', variables),
    facts: shape.facts ?? [],
    followUps: shape.followUps ?? [],
    danger: shape.danger ?? [],
    missing,
    kind: shape.kind,
  };
}

/** Details that the entry names in `needs`, or uses in its answer, and that are not filled in. */
function missingDetails(
  { needs = [], answer = '' }: EntryShape,
  variables: ReadonlyMap<string, string>,
): string[] {
  const needed = new Set([...needs, ...usedVariables(answer)].map((name) => name.replace(/^clinic\./u, '')));
  return [...needed].filter((name) => (variables.get(name) ?? '') === '');
}

/** `session-length` is `Session length`. */
function spelledOut(id: string): string {
  const words = id.replaceAll(/[-_]+/gu, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The first words, in at most the 20 characters of a quick reply. */
function shortened(title: string): string {
  if (title.length <= 20) return title;
  const cut = title.slice(0, 20);
  return `${cut.slice(0, cut.lastIndexOf(' ') > 8 ? cut.lastIndexOf(' ') : 19).trimEnd()}…`;
}

/** For measuring with one file: nothing of it is ever shown to a visitor. */
const NEUTRAL_CLINIC: Clinic = {
  name: 'the clinic',
  location: '',
  timeZone: 'UTC',
  country: 'US',
  details: new Map(),
  unknown: [],
  consent: { version: 'none', text: '' },
  privacyUrl: '',
  retention: { unfinishedChats: 30, transcripts: 180, requests: 730 },
  contactWithinHours: 24,
};

/** A folder without costs.yaml: an answer that misleads is worse than none, and an offer is the mildest mistake. */
const CAREFUL_COSTS: Costs = {
  wrongAnswer: 4,
  answeredOutOfScope: 5,
  offer: 1,
  uselessOffer: 2,
  missedAnswer: 2,
};
