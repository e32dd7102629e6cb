import { randomUUID } from 'node:crypto';

/** A visitor on plain Direct Line over HTTP: what the widget does, without its looks. */
export interface DirectLineChat {
  conversationId: string;
  token: string;
  /** Posts a message; resolves to the HTTP status once the service has acknowledged it. */
  post: (text: string, clientActivityID?: string) => Promise<number>;
  /** Posts, and resolves to the texts of the bot's replies to it. */
  say: (text: string) => Promise<string[]>;
  /** Everything kept so far, oldest first. */
  activities: () => Promise<WireActivity[]>;
  /** The same conversation on another (restarted) service. */
  at: (url: string) => DirectLineChat;
  /** Another conversation on the same service, by a token for it. */
  as: (conversationId: string, token: string) => DirectLineChat;
}

export interface WireActivity {
  id: string;
  type: string;
  text?: string;
  from: { id: string; name?: string; role?: string };
  name?: string;
  replyToId?: string;
  timestamp: string;
  suggestedActions?: { actions: { title: string; value: string }[] };
  channelData?: {
    clientActivityID?: string;
    person?: string;
    answering?: string;
    answers?: string;
    summary?: { label: string; value: string }[];
  };
}

/** Opens a conversation as the widget does; from `address`, for a service that takes this machine for its proxy. */
export async function openChat(url: string, address?: string): Promise<DirectLineChat> {
  const { token } = await postJson<{ token: string }>(`${url}/widget/token`, {}, undefined, url, address);
  const opened = await postJson<{ conversationId: string; token: string }>(
    `${url}/v3/directline/conversations`,
    {},
    token,
    url,
    address,
  );
  return chatAt(url, opened.conversationId, opened.token, address);
}

function chatAt(url: string, conversationId: string, token: string, address?: string): DirectLineChat {
  const place = `${url}/v3/directline/conversations/${conversationId}/activities`;
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    ...(address && { 'x-forwarded-for': address }),
  };

  const send = async (text: string, clientActivityID: string) =>
    fetch(place, {
      method: 'POST',
      headers,
      body: JSON.stringify({ type: 'message', text, from: { id: 'me' }, channelData: { clientActivityID } }),
    });
  const activities = async () => {
    const found: WireActivity[] = [];
    for (let watermark = ''; ;) {
      const answer = await fetch(`${place}?watermark=${watermark}`, { headers });
      if (answer.status !== 200) throw new Error(`activities: ${answer.status} ${await answer.text()}`);
      const page = (await answer.json()) as { activities: WireActivity[]; watermark: string };
      if (page.activities.length === 0) return found;
      found.push(...page.activities);
      watermark = page.watermark;
    }
  };

  return {
    conversationId,
    token,
    activities,
    post: async (text, clientActivityID = randomUUID()) => {
      const answer = await send(text, clientActivityID);
      await answer.arrayBuffer();
      return answer.status;
    },
    say: async (text) => {
      const answer = await send(text, randomUUID());
      const body = (await answer.json()) as { id?: string };
      if (answer.status !== 200) throw new Error(`post: ${answer.status} ${JSON.stringify(body)}`);
      const replies = (await activities()).filter((activity) => activity.replyToId === body.id);
      return replies.map((reply) => reply.text ?? '');
    },
    at: (other) => chatAt(other, conversationId, token, address),
    as: (otherConversation, otherToken) => chatAt(url, otherConversation, otherToken),
  };
}

async function postJson<T>(
  url: string,
  body: object,
  token: string | undefined,
  origin: string,
  address?: string,
): Promise<T> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      origin,
      ...(token && { authorization: `Bearer ${token}` }),
      ...(address && { 'x-forwarded-for': address }),
    },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}
