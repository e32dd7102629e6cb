import { DateTime } from 'luxon';
import { shippedKnowledge } from './shipped-knowledge';
import { type DeliveredMessage, type FakeGraph, item, startFakeGraph, written } from './fake-graph';
import { SCRIPT_LINKS, type ScriptedChat } from './play-script';
import { startMessenger } from './start-messenger';

const PSID = '77';
let graph: FakeGraph | undefined;
afterAll(() => graph?.close());

/** A person on Messenger: signed webhook events in, what arrives at the stand-in for Meta out. */
export async function startMessengerChat(): Promise<ScriptedChat> {
  graph ??= await startFakeGraph();
  const meta = graph;
  const zone = shippedKnowledge().knowledge.clinic.timeZone;
  const millis = (local: string) => DateTime.fromISO(local, { zone }).toMillis();
  const service = await startMessenger({
    graph: meta,
    start: millis('2026-03-02T10:00'),
    links: SCRIPT_LINKS,
  });
  let buttons: ReturnType<typeof buttonsOf> = [];

  async function happens(what: object): Promise<string[]> {
    const before = meta.delivered.length;
    service.pass(1000);
    const status = await service.bring([{ ...what, timestamp: service.now() }]);
    if (status !== 200) throw new Error(`The webhook answers ${status}.`);
    const arrived = meta.delivered.slice(before);
    buttons = buttonsOf(arrived);
    return textsOf(arrived);
  }

  // As the widget is opened before the first word; a script that says so itself sees the welcome.
  let isOpen = false;
  const opens = () => {
    isOpen = true;
    return happens(item(PSID, { postback: { title: 'Get Started', payload: 'start' } }));
  };

  return {
    database: service.database,
    setNow: (local) => service.setNow(millis(local)),
    opens,
    says: async (text) => {
      if (!isOpen) await opens();
      return happens(written(PSID, text));
    },
    tap: (title) => {
      const button = buttons.find((each) => each.title === title);
      if (!button)
        throw new Error(
          `There is no button "${title}", only: ${buttons.map((each) => each.title).join(' | ')}`,
        );
      const { payload } = button;
      return happens(
        button.lasting
          ? item(PSID, { postback: { title, payload } })
          : written(PSID, title, { message: { quick_reply: { payload } } }),
      );
    },
    buttons: () => buttons.map(({ title }) => title),
  };
}

/** What the person reads; a row of cards has no text of its own. */
export function textsOf(delivered: DeliveredMessage[]): string[] {
  return delivered.flatMap(({ message }) => message.text ?? message.attachment?.payload.text ?? []);
}

/** Lasting ones in the last message, and quick replies under it; chips that the profile fills in have no title. */
export function buttonsOf(
  delivered: DeliveredMessage[],
): { title: string; payload: string; lasting: boolean }[] {
  const { attachment, quick_replies: replies = [] } = delivered.at(-1)?.message ?? {};
  const { buttons = [], elements = [] } = attachment?.payload ?? {};
  const lasting = [...buttons, ...elements.flatMap((element) => element.buttons ?? [])];
  return [
    ...lasting.map(({ title, payload }) => ({ title, payload, lasting: true })),
    ...replies.flatMap(({ title, payload }) =>
      title === undefined || payload === undefined ? [] : [{ title, payload, lasting: false }],
    ),
  ];
}
