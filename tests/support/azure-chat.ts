import { DateTime } from 'luxon';
import { shippedKnowledge } from './shipped-knowledge';
import { written, item } from './fake-graph';
import { buttonsOf, textsOf } from './messenger-chat';
import { SCRIPT_LINKS, type ScriptedChat } from './play-script';
import { connectorToken, facebookActivity, startAzure, startMetadata } from './start-azure';

const PSID = '42';
let metadata: Awaited<ReturnType<typeof startMetadata>> | undefined;
let token: string | undefined;
afterAll(() => metadata?.close());

/** A person on Messenger whom Azure's Facebook channel brings: signed activities in, the connector's calls out. */
export async function startAzureChat(): Promise<ScriptedChat> {
  metadata ??= await startMetadata();
  token ??= connectorToken();
  const signed = token;
  const zone = shippedKnowledge().knowledge.clinic.timeZone;
  const millis = (local: string) => DateTime.fromISO(local, { zone }).toMillis();
  const service = await startAzure({
    metadataUrl: metadata.url,
    start: millis('2026-03-02T10:00'),
    links: SCRIPT_LINKS,
  });
  let buttons: ReturnType<typeof buttonsOf> = [];

  async function happens(what: object, text?: string): Promise<string[]> {
    const before = service.connector.delivered.length;
    service.pass(1000);
    const timestamp = service.now();
    const status = await service.post(
      facebookActivity({
        ...(text !== undefined && { text }),
        timestamp: new Date(timestamp).toISOString(),
        channelData: { ...what, timestamp },
      }),
      signed,
    );
    if (status !== 200) throw new Error(`/api/messages answers ${status}.`);
    const arrived = service.connector.delivered.slice(before);
    buttons = buttonsOf(arrived);
    return textsOf(arrived);
  }

  // As the widget is opened before the first word; a script that says so itself sees the welcome.
  let isOpen = false;
  const opens = () => {
    isOpen = true;
    return happens(item(PSID, { postback: { title: 'Get Started', payload: 'start' } }), 'start');
  };

  return {
    database: service.database,
    setNow: (local) => service.setNow(millis(local)),
    opens,
    says: async (text) => {
      if (!isOpen) await opens();
      return happens(written(PSID, text), text);
    },
    tap: (title) => {
      const button = buttons.find((each) => each.title === title);
      if (!button)
        throw new Error(
          `There is no button "${title}", only: ${buttons.map((each) => each.title).join(' | ')}`,
        );
      const { payload } = button;
      return button.lasting
        ? happens(item(PSID, { postback: { title, payload } }), payload)
        : happens(written(PSID, title, { message: { quick_reply: { payload } } }), title);
    },
    buttons: () => buttons.map(({ title }) => title),
  };
}
