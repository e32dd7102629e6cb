import { didYouMean } from './shape-problems';

/** `{{clinic.NAME}}`, with or without spaces inside. Whatever else stands in double braces is a mistake, too. */
const VARIABLE = /\{\{([^{}]*)\}\}/gu;

/** Names as they stand between the braces, each once: `clinic.price`. */
export function usedVariables(text: string): string[] {
  return [...new Set([...text.matchAll(VARIABLE)].map((match) => (match[1] ?? '').trim()))];
}

/** Fills in the clinic's details; a variable that is unknown or empty leaves nothing behind. */
export function fillVariables(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replaceAll(VARIABLE, (_, name: string) => variables.get(detailOf(name.trim()) ?? '') ?? '');
}

/** One message for each `{clinic.price}`: visitors would read it as it is. */
export function halfVariables(text: string): string[] {
  const found = text.matchAll(/(?<!\{)\{\s*(clinic\.[^{}]*?)\s*\}(?!\})/gu);
  return [...found].map(
    ([typed, name]) => `"${typed}" needs two braces on each side to be filled in: {{${name}}}.`,
  );
}

/** One message for each name in `names` that is not `clinic.` and a detail that clinic.yaml mentions. */
export function unknownVariables(names: readonly string[], variables: ReadonlyMap<string, string>): string[] {
  return names
    .filter((name) => !variables.has(detailOf(name) ?? ''))
    .map((name) => {
      const known = [...variables.keys()].map((detail) => `clinic.${detail}`);
      const hint =
        didYouMean(name, known) ??
        `: add it under "details:" in clinic.yaml, or use one of ${known.join(', ')}.`;
      return `unknown variable "${name}"${hint}`;
    });
}

/** Messages for texts that are always said: there, unknown variables and details not filled in are both refused. */
export function emptyVariables(text: string, variables: ReadonlyMap<string, string>): string[] {
  const used = usedVariables(text);
  const empty = used.filter((name) => variables.get(detailOf(name) ?? '') === '');
  return [
    ...unknownVariables(used, variables),
    ...empty.map((name) => `"${name}" is not filled in in clinic.yaml: fill it in, or leave it out here.`),
  ];
}

function detailOf(name: string): string | undefined {
  return name.startsWith('clinic.') ? name.slice('clinic.'.length) : undefined;
}
