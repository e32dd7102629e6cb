import type { ConsoleRequest } from './guard';

/** A form whose session was over when it was sent: what was typed in it goes along through the sign-in. */
export interface Unsent {
  /** A path of this console. */
  action: string;
  fields: [name: string, value: string][];
}

/** Fields that somebody has typed, with what a reader of the form knows them by. */
export const TYPED: Readonly<Record<string, string>> = {
  text: 'Text',
  title: 'Title',
  phrasings: 'How visitors ask it',
  answer: 'Proposed answer',
  tag: 'Tag',
  name: 'Name',
};

/** Never shown again nor carried on. */
const SECRET = /password|current|code/;
const CARRIED = 'unsent:';
const ACTION = `${CARRIED}to`;

/** Of a form that was refused; undefined where nothing was typed in it, or something secret. */
export function unsentIn({ method, path, form }: ConsoleRequest): Unsent | undefined {
  const fields = [...form].filter(([name]) => name !== 'csrf');
  const isTyped = fields.some(([name, value]) => TYPED[name] !== undefined && value.trim() !== '');
  if (method !== 'POST' || !isTyped || fields.some(([name]) => SECRET.test(name))) return undefined;
  return { action: path, fields };
}

/** As hidden fields of the sign-in form. */
export function carried({ action, fields }: Unsent): [name: string, value: string][] {
  return [[ACTION, action], ...fields.map(([name, value]): [string, string] => [CARRIED + name, value])];
}

/** What such a sign-in form brings along. */
export function unsentCarriedBy(form: URLSearchParams): Unsent | undefined {
  const action = pathWithin(form.get(ACTION));
  const fields = [...form].flatMap(([name, value]): [string, string][] =>
    name.startsWith(CARRIED) && name !== ACTION ? [[name.slice(CARRIED.length), value]] : [],
  );
  return action === undefined || fields.length === 0 ? undefined : { action, fields };
}

/** The page that a form stood on, as the browser says; undefined where it does not, or it was another site's. */
export function pageOf({ headers }: ConsoleRequest): string | undefined {
  const { referer, host } = headers;
  if (referer === undefined || !URL.canParse(referer)) return undefined;
  const url = new URL(referer);
  return url.host === host ? pathWithin(url.pathname + url.search) : undefined;
}

/** A path of this console: nobody is sent out of it. */
export function pathWithin(path: string | null): string | undefined {
  return path !== null && /^\/staff(?:[/?][\w\-./~%?&=:+|]*)?$/.test(path) ? path : undefined;
}
