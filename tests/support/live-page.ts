import type { StaffBrowser } from './staff-console';

/** An open page of the console, as its script listens: server-sent events. */
export interface OpenPage {
  status: number;
  events: { name: string; id: string | undefined; data: Record<string, unknown> }[];
  /** Resolves once something that came fits; what came before counts too. */
  until: (fits: (event: OpenPage['events'][number]) => boolean) => Promise<OpenPage['events'][number]>;
  /** Resolves once the service has ended it. */
  ended: Promise<void>;
  leave: () => void;
}

export async function openPage(
  url: string,
  path: string,
  staff: StaffBrowser,
  headers: Record<string, string> = {},
): Promise<OpenPage> {
  const leaving = new AbortController();
  const cookie = [...staff.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const answer = await fetch(url + path, { headers: { cookie, ...headers }, signal: leaving.signal });
  const events: OpenPage['events'] = [];
  let wake = (): void => undefined;

  async function read(): Promise<void> {
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of answer.body ?? []) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const fields = new Map(
          block.split('\n').map((line) => [line.split(': ')[0], line.replace(/^\w*: /, '')]),
        );
        const name = fields.get('event');
        if (name === undefined) continue;
        events.push({ name, id: fields.get('id'), data: JSON.parse(fields.get('data') ?? '{}') });
        wake();
      }
    }
  }

  return {
    status: answer.status,
    events,
    ended: answer.status === 200 ? read().catch(() => undefined) : Promise.resolve(),
    leave: () => leaving.abort(),
    async until(fits) {
      for (;;) {
        const found = events.find(fits);
        if (found) return found;
        await new Promise<void>((resolve) => void (wake = resolve));
      }
    },
  };
}
