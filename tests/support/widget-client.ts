import { type ChatActivity, DirectLineClient } from '../../src/widget/direct-line-client';
import { type ConversationKeep, keepInMemory } from '../../src/widget/kept-conversation';

/** The widget's own client without its page: a visitor who writes and listens. */
export type WidgetClient = ReturnType<typeof widgetClient>;

export function widgetClient(
  base: string,
  { keep = keepInMemory(), leastBackOffMs }: { keep?: ConversationKeep; leastBackOffMs?: number } = {},
) {
  const seen: ChatActivity[] = [];
  const waiting = new Set<() => void>();
  const idsByText = new Map<string, string>();
  const deliveries = new Map<string, string>();
  let past = 0;
  let connection = '';
  let startedOver = 0;
  const happened = () => waiting.forEach((check) => check());
  const until = (isSo: () => boolean) =>
    new Promise<void>((resolve) => {
      const check = () => {
        if (!isSo()) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      check();
    });
  const client = new DirectLineClient({
    base,
    keep,
    ...(leastBackOffMs !== undefined && { leastBackOffMs }),
    onActivities: (activities, isPast) => {
      seen.push(...activities);
      if (isPast) past += activities.length;
      happened();
    },
    onConnection: (now) => {
      connection = now;
      happened();
    },
    onDelivery: (id, delivery) => {
      deliveries.set(id, delivery);
      happened();
    },
    onStartedOver: () => startedOver++,
  });
  client.start();
  return {
    say: (text: string) => client.send(text, (id) => void idsByText.set(text, id)),
    retry: (text: string) => client.retry(idsByText.get(text) ?? ''),
    hears: (text: string) => until(() => seen.some((activity) => activity.text?.includes(text))),
    delivers: (text: string, delivery = 'accepted') =>
      until(() => deliveries.get(idsByText.get(text) ?? '') === delivery),
    connection: (wanted: string) => until(() => connection === wanted),
    texts: () => seen.map((activity) => activity.text ?? ''),
    ids: () => seen.map((activity) => activity.id ?? ''),
    pastCount: () => past,
    startedOver: () => startedOver,
    leave: () => client.stop(),
  };
}
