import { z } from 'zod';
import {
  clinicSchema,
  conceptSchema,
  costsSchema,
  entrySchema,
  safetySchema,
  textSchema,
} from './entry-schema';
import type { NamedFile } from './knowledge-files';
import type { RequiredWording } from './required-wording';

/** The files that an editor can complete and check: those with a name of their own, and those with entries. */
export type SchemaFile = NamedFile | 'smp.yaml';

/**
 * JSON Schemas (2020-12) by the file they are for; made from the same shapes that `readKnowledge` checks, so that an
 * editor marks what the reader would refuse. They stand in `knowledge/schema/`, one file each.
 */
export function editorSchemas(wording: RequiredWording): Record<SchemaFile, object> {
  const shapes: Record<SchemaFile, z.ZodType> = {
    'smp.yaml': z.strictObject({ entries: z.array(entrySchema) }),
    'clinic.yaml': clinicSchema,
    'safety.yaml': z.strictObject({ safety: z.array(safetySchema) }),
    'facts.yaml': z.strictObject({ facts: z.record(z.string(), textSchema) }),
    'lexicon.yaml': z.strictObject({ concepts: z.record(z.string(), conceptSchema) }),
    'background.yaml': z.strictObject({ background: z.array(textSchema) }),
    'fillers.yaml': z.strictObject({ fillers: z.array(textSchema) }),
    'costs.yaml': z.strictObject({ costs: costsSchema }),
    'wording.yaml': wordingShape(wording),
  };
  return mapValues(shapes, (shape) => z.toJSONSchema(shape, { io: 'input' }));
}

/** `clinic.yaml` to `clinic.json`: where the schema of a knowledge file stands in `knowledge/schema/`. */
export function schemaFileName(file: SchemaFile): string {
  return file.replace(/\.yaml$/u, '.json');
}

type Tree = { [name: string]: Tree | z.ZodType };

/** `booking.askName` is `askName` below `booking`. */
function wordingShape(wording: RequiredWording): z.ZodType {
  const tree: Tree = {};
  for (const [key, places] of Object.entries(wording)) {
    const names = key.split('.');
    let branch = tree;
    for (const name of names.slice(0, -1)) branch = (branch[name] ??= {}) as Tree;
    branch[names.at(-1)!] = textSchema.describe(
      places.length === 0 ? 'Has no places.' : `May use ${places.map((place) => `{${place}}`).join(', ')}.`,
    );
  }
  return shapeOf(tree);
}

function shapeOf(tree: Tree): z.ZodType {
  return z.strictObject(
    mapValues(tree, (branch) => (branch instanceof z.ZodType ? branch : shapeOf(branch))),
  );
}

function mapValues<Key extends string, From, To>(
  record: Record<Key, From>,
  change: (value: From) => To,
): Record<Key, To> {
  const entries = Object.entries<From>(record).map(([key, value]) => [key, change(value)]);
  return Object.fromEntries(entries) as Record<Key, To>;
}
