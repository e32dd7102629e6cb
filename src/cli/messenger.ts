import type { Knowledge } from '../answers/knowledge';
import { type Graph, type GraphResult, createGraph } from '../channels/messenger/graph';
import { remedyFor } from '../channels/messenger/graph-errors';
import { subscriptionProblem } from '../channels/messenger/health';
import { SUBSCRIBED_FIELDS, pageProfile } from '../channels/messenger/page-profile';
import { type Messenger, readConfig } from '../config';
import { makeSay } from '../conversation/say';
import { openKnowledge } from './open-knowledge';
import { CommandError, noSuchCommand, readArgs, runCommand } from './run-command';

const USAGE = `npm run messenger -- COMMAND
  setup    sets Get Started, the greeting, ice breakers, the menu and the subscribed events of the page
  status   shows what is set, and whether the token, the permission and the subscription are in order
Both need the MESSENGER_ settings of the README.`;

const PROFILE_FIELDS = ['get_started', 'greeting', 'ice_breakers', 'persistent_menu'] as const;

export interface MessengerCommandParts {
  settings: Messenger;
  knowledge: () => Knowledge;
  /** One line of the command's own output. */
  print: (line: string) => void;
}

/** Runs one `npm run messenger` command. @throws CommandError saying what Meta refused and what to do */
export async function runMessengerCommand(args: string[], parts: MessengerCommandParts): Promise<void> {
  const [command, ...others] = readArgs(USAGE, { args, allowPositionals: true }).positionals;
  const graph = createGraph(parts.settings);
  if (command === 'setup' && others.length === 0) return setUp(graph, parts);
  if (command === 'status' && others.length === 0) return showStatus(graph, parts);
  throw noSuchCommand(command && [command, ...others].join(' '), USAGE);
}

async function setUp(graph: Graph, parts: MessengerCommandParts): Promise<void> {
  const knowledge = parts.knowledge();
  const profile = pageProfile(knowledge, makeSay(knowledge.wording));
  // Meta takes the menu only where Get Started is set, so both go in one call.
  await answerOf(graph.call('POST', 'me/messenger_profile', { body: profile }));
  await answerOf(
    graph.call('POST', `${parts.settings.pageId}/subscribed_apps`, {
      query: { subscribed_fields: SUBSCRIBED_FIELDS.join(',') },
    }),
  );
  parts.print('The page is set up.');
  await showStatus(graph, parts);
}

async function showStatus(graph: Graph, { settings, print }: MessengerCommandParts): Promise<void> {
  const page = await answerOf(graph.call('GET', 'me', { query: { fields: 'id,name' } }));
  if (String(page.body['id']) !== settings.pageId) {
    throw new CommandError(
      `MESSENGER_PAGE_TOKEN is of page ${String(page.body['id'])}, and MESSENGER_PAGE_ID is ${settings.pageId}: use the token of that page.`,
    );
  }
  print(`Page: ${String(page.body['name'])} (${settings.pageId}); the token is good.`);
  const profile = await answerOf(
    graph.call('GET', 'me/messenger_profile', { query: { fields: PROFILE_FIELDS.join(',') } }),
  );
  const [shown = {}] = Array.isArray(profile.body['data'])
    ? (profile.body['data'] as Record<string, unknown>[])
    : [];
  for (const field of PROFILE_FIELDS)
    print(`${field}: ${shown[field] === undefined ? 'not set' : JSON.stringify(shown[field])}`);
  const apps = await answerOf(graph.call('GET', `${settings.pageId}/subscribed_apps`, {}));
  print(subscriptionProblem(apps, settings.appId) ?? 'Subscription: every event that is needed comes in.');
}

async function answerOf(call: Promise<GraphResult>): Promise<Extract<GraphResult, { kind: 'answered' }>> {
  const result = await call;
  switch (result.kind) {
    case 'answered':
      return result;
    case 'refused': {
      const remedy = remedyFor(result);
      const advice = 'note' in remedy ? `\n${remedy.note.text}` : '';
      throw new CommandError(`Meta refuses (${result.code}/${result.subcode}): ${result.text}${advice}`);
    }
    default:
      throw new CommandError(
        `Meta cannot be reached (${result.reason}). Check MESSENGER_GRAPH_URL and the network.`,
      );
  }
}

async function main(): Promise<void> {
  const config = readConfig(process.env);
  if (!config.messenger)
    throw new CommandError(
      'Messenger is not set up here: no MESSENGER_ setting is given. The README tells them one by one.',
    );
  await runMessengerCommand(process.argv.slice(2), {
    settings: config.messenger,
    knowledge: () => openKnowledge(config.knowledgeDir),
    print: (line) => process.stdout.write(`${line}\n`),
  });
}

if (require.main === module) void runCommand(USAGE, main);
