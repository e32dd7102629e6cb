import type { Log } from '../../http/logger';
import type { MessengerStore } from '../ports';
import type { Graph, GraphResult } from './graph';
import { remedyFor } from './graph-errors';
import { SUBSCRIBED_FIELDS } from './page-profile';

/** What an operator should know of the page's connection, one sentence each; none where all is well. */
export interface MessengerHealth {
  /** Asks Meta, and keeps what it finds for `lines`. */
  look(): Promise<void>;
  lines(): Promise<string[]>;
  /** How many lines there were at the last look. */
  problems(): number;
  /** Looks now and then. */
  start(): void;
  /** Resolves once no look is under way. */
  close(): Promise<void>;
}

export interface HealthParts {
  store: MessengerStore;
  graph: Graph;
  pageId: string;
  appId: string | undefined;
  clock: () => Date;
  log: Log;
}

/** Meta unsubscribes a page after an hour of failing deliveries (messenger.md D.0, 6). */
const LOOK_MS = 10 * 60_000;

const MAY_NOT_ASK =
  'Meta does not say whether the page’s messages come in: the token lacks pages_manage_metadata. Ask for it in App Review and make a new page token.';

export function createMessengerHealth(parts: HealthParts): MessengerHealth {
  const { store, graph } = parts;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();
  let problems = 0;

  async function look(): Promise<void> {
    await askMeta();
    problems = (await store.notes()).length;
  }

  async function askMeta(): Promise<void> {
    const result = await graph.call('GET', `${parts.pageId}/subscribed_apps`, {});
    if (result.kind === 'refused') {
      const remedy = remedyFor(result);
      // That this may not be asked is another matter than that nothing may be sent.
      if ('note' in remedy && remedy.note.name === 'permission') await set('subscription', MAY_NOT_ASK);
      else if ('note' in remedy) await set(remedy.note.name, remedy.note.text);
      return;
    }
    if (result.kind !== 'answered') return;
    await store.clearNote('token');
    const problem = subscriptionProblem(result, parts.appId);
    if (problem === undefined) await store.clearNote('subscription');
    else await set('subscription', problem);
  }

  async function set(name: string, text: string): Promise<void> {
    parts.log.error({ note: name }, text);
    await store.note(name, text, parts.clock());
  }

  function lookSafely(): void {
    looking = looking
      .then(look)
      .catch((error: unknown) =>
        parts.log.error({ err: error }, 'the page’s subscription cannot be checked'),
      );
  }

  return {
    look,
    problems: () => problems,
    lines: async () => (await store.notes()).map(({ text, at }) => `${text} (${at.toISOString()})`),
    start() {
      timer = setInterval(lookSafely, LOOK_MS);
      timer.unref();
      lookSafely();
    },
    async close() {
      clearInterval(timer);
      await looking;
    },
  };
}

/** Undefined where this app gets every kind of event it needs. */
export function subscriptionProblem(
  result: Extract<GraphResult, { kind: 'answered' }>,
  appId: string | undefined,
): string | undefined {
  const apps = Array.isArray(result.body['data']) ? (result.body['data'] as Record<string, unknown>[]) : [];
  const ours = appId === undefined ? apps[0] : apps.find(({ id }) => String(id) === appId);
  if (!ours)
    return 'Meta has unsubscribed the page from this app: no message comes in. Run "npm run messenger -- setup".';
  const fields = Array.isArray(ours['subscribed_fields']) ? ours['subscribed_fields'].map(String) : [];
  const missing = SUBSCRIBED_FIELDS.filter((field) => !fields.includes(field));
  return missing.length === 0
    ? undefined
    : `Meta does not send these events of the page: ${missing.join(', ')}. Run "npm run messenger -- setup".`;
}
