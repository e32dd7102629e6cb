import type { ConversationKeep, Unsent } from './kept-conversation';
import { Outbox, type Delivery, type PostResult } from './outbox';

/** The parts of a Bot Framework activity that the chat reads. */
export interface ChatActivity {
  id?: string;
  type: string;
  text?: string;
  /** Of an event. */
  name?: string;
  value?: unknown;
  /** ISO 8601, the server's clock. */
  timestamp?: string;
  from?: { id?: string; role?: string };
  suggestedActions?: { actions?: { title?: string; value?: unknown }[] };
  channelData?: {
    clientActivityID?: string;
    /** It answers a question: the visitor may say whether it helped. */
    answer?: boolean;
    /** Written by a person of the clinic's team; the name they go by. */
    person?: string;
    /** It answers a question that was passed on, by its reference. */
    answers?: string;
    /** Who answers from here on. */
    answering?: 'person' | 'bot';
    summary?: { label: string; value: string; change?: { title: string; value: string } }[];
  };
}

/** `unavailable`: this page may not have a chat; nothing is tried any more. */
export type Connection = 'connecting' | 'online' | 'offline' | 'unavailable';

export interface DirectLineOptions {
  /** Where `/widget/token` and `/v3/directline` are; no slash at its end. */
  base: string;
  keep: ConversationKeep;
  /** In order, each activity once. `past`: kept from before this page was loaded. */
  onActivities: (activities: ChatActivity[], past: boolean) => void;
  onConnection: (connection: Connection) => void;
  onDelivery: (clientActivityId: string, delivery: Delivery) => void;
  /** The kept conversation is no longer there; another one begins under what is on the screen. */
  onStartedOver: () => void;
  /** BCP 47; what dates and the bot are told. */
  locale?: string;
  /** Milliseconds; tests shorten it. */
  leastBackOffMs?: number;
}

const LEAST_BACK_OFF_MS = 500;
const MOST_BACK_OFF_MS = 15_000;
/** Stock clients send an empty frame every 20 s; servers take it for life. */
const KEEP_ALIVE_MS = 20_000;
/** A keep-alive that comes this late means that the machine slept: its socket is dead without knowing it. */
const SLEPT_MS = 3 * KEEP_ALIVE_MS;
const REQUEST_TIMEOUT_MS = 20_000;

/**
 * A Direct Line 3.0 client: one conversation, its WebSocket stream, and everything that makes both survive cuts,
 * restarts, sleep and expired tokens. A message is posted with the same `clientActivityID` until the server has
 * taken it; an activity is handed on once, by id; after a cut the stream resumes behind the last watermark.
 */
export class DirectLineClient {
  private pass: { conversationId: string; token: string } | undefined;
  private watermark = '';
  private readonly seen = new Set<string>();
  private readonly outbox: Outbox;
  private socket: WebSocket | undefined;
  private connecting = false;
  private keeping: Promise<void> | undefined;
  private failures = 0;
  /** ISO 8601, the server's clock: what is no newer was there before this page was loaded. */
  private pastUntil = '';
  private isGone = false;
  private connection: Connection = 'connecting';
  private networkIsDown = false;
  private stopped = false;
  private reconnectTimer: ReturnType<typeof setTimeout> | undefined;
  private refreshTimer: ReturnType<typeof setTimeout> | undefined;
  private keepAliveTimer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly options: DirectLineOptions) {
    this.outbox = new Outbox({
      post: (message) => this.post(message),
      backOff: (failures) => this.backOff(failures),
      onDelivery: options.onDelivery,
      onDone: (id) => options.keep.removeUnsent(id),
    });
  }

  /** Resumes the kept conversation or begins one. Returns what an earlier page could not send. */
  start(): Unsent[] {
    const unsent = this.options.keep.unsent();
    this.outbox.add(...unsent);
    void this.connect();
    return unsent;
  }

  /** Queues a message and sends it as soon as that is possible; `queued` learns its clientActivityID first. */
  send(text: string, queued: (clientActivityId: string) => void): void {
    const clientActivityId = newId();
    queued(clientActivityId);
    this.queue({ clientActivityId, at: Date.now(), text });
    if (this.connection !== 'online') this.options.onDelivery(clientActivityId, 'waiting');
  }

  /** Queues something that is kept for staff and not shown; delivered as surely as a message. */
  sendEvent(name: string, value: unknown): void {
    this.queue({ clientActivityId: newId(), at: Date.now(), event: { name, value } });
  }

  /**
   * The conversation is deleted, here and at the clinic; then the chat is over. Returns what the clinic says to it.
   * @throws where the server could not be told: nothing has changed then.
   */
  async forget(): Promise<string> {
    const { keep } = this.options;
    const pass = this.pass ?? (await this.comeBack());
    const answer = pass && (await this.call('POST', '/widget/forget', pass.token, {}).catch(goneAlready));
    this.stop();
    for (const { clientActivityId } of keep.unsent()) keep.removeUnsent(clientActivityId);
    keep.clear();
    return typeof answer?.['text'] === 'string' ? answer['text'] : '';
  }

  /** Another attempt, at the visitor's wish. */
  retry(clientActivityId: string): void {
    this.outbox.retry(clientActivityId);
    if (this.connection !== 'online') this.reconnect();
  }

  /** What the browser knows of the network. */
  networkChanged(isUp: boolean): void {
    this.networkIsDown = !isUp;
    if (isUp) return this.reconnect();
    this.dropSocket();
    this.become('offline');
  }

  /** Drops the socket, if there is one, and connects at once. */
  reconnect(): void {
    this.dropSocket();
    clearTimeout(this.reconnectTimer);
    this.failures = 0;
    void this.connect();
  }

  stop(): void {
    this.stopped = true;
    this.dropSocket();
    this.outbox.stop();
    clearTimeout(this.reconnectTimer);
    clearTimeout(this.refreshTimer);
  }

  private queue(message: Unsent): void {
    this.options.keep.addUnsent(message);
    this.outbox.add(message);
    if (this.connection === 'online') this.outbox.flush();
  }

  private async connect(): Promise<void> {
    if (this.connecting || this.stopped || this.connection === 'unavailable') return;
    this.connecting = true;
    try {
      this.listen(await this.openStream());
    } catch (error) {
      if (error instanceof Refused && error.isFinal) this.become('unavailable');
      else this.connectLater(error instanceof Refused ? error.retryAfterMs : undefined);
    } finally {
      this.connecting = false;
    }
  }

  private connectLater(afterMs = 0): void {
    if (this.stopped) return;
    this.become(this.networkIsDown ? 'offline' : 'connecting');
    clearTimeout(this.reconnectTimer);
    this.reconnectTimer = setTimeout(
      () => void this.connect(),
      Math.max(afterMs, this.backOff(++this.failures)),
    );
  }

  /** The address of a stream that goes on behind the watermark. */
  private async openStream(): Promise<string> {
    if (!this.pass) return this.enter();
    try {
      return await this.streamOf(this.pass);
    } catch (error) {
      if (!(error instanceof Refused) || !error.isAboutToken) throw error;
      this.pass = undefined;
      return this.enter();
    }
  }

  /** Comes back to the kept conversation, else begins one. The greeting need not wait for the way back to be kept. */
  private enter(): Promise<string> {
    return new Promise((resolve, reject) => {
      const enterAlone = async (): Promise<void> => {
        const pass = await this.comeBack();
        if (pass) return resolve(await this.streamOf(pass));
        resolve(await this.begin());
        await this.keepTheWayBack();
      };
      this.options.keep.alone(enterAlone).catch(reject);
    });
  }

  /** With the secret for a token; undefined where nothing is kept, or the conversation is no longer there. */
  private async comeBack(): Promise<{ conversationId: string; token: string } | undefined> {
    const { keep } = this.options;
    const kept = keep.load();
    if (!kept) return undefined;
    try {
      const issued = await this.call('POST', '/widget/token', undefined, { resume: kept.resume });
      keep.save({ ...kept, until: readText(issued, 'resumeUntil') });
      if (this.seen.size === 0) this.pastUntil = readText(issued, 'now');
      return { conversationId: kept.conversationId, token: readText(issued, 'token') };
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 404) throw error;
      keep.clear();
      this.isGone = true;
      return undefined;
    }
  }

  private async begin(): Promise<string> {
    const issued = await this.call('POST', '/widget/token', undefined, { start: true });
    // Something has been there before, and the old watermark means nothing in the new conversation.
    if (this.isGone || this.seen.size > 0) this.options.onStartedOver();
    this.isGone = false;
    this.watermark = '';
    // Our own server has begun it already; any other one knows the two steps of Direct Line.
    const begun =
      'streamUrl' in issued
        ? issued
        : await this.call('POST', '/v3/directline/conversations', readText(issued, 'token'), {});
    // Our own server sends the greeting along, so that it need not wait for the stream.
    this.receive({ activities: (begun['greeting'] as ChatActivity[] | undefined) ?? [] });
    return this.adopt(begun);
  }

  private async streamOf({
    conversationId,
    token,
  }: {
    conversationId: string;
    token: string;
  }): Promise<string> {
    const path = `/v3/directline/conversations/${encodeURIComponent(conversationId)}`;
    return this.adopt(
      await this.call('GET', `${path}?watermark=${encodeURIComponent(this.watermark)}`, token),
    );
  }

  /** Takes over the conversation's newest token and returns its stream's address. */
  private adopt(conversation: Answer): string {
    this.pass = {
      conversationId: readText(conversation, 'conversationId'),
      token: readText(conversation, 'token'),
    };
    this.refreshLater(Number(conversation['expires_in']) || 1800);
    return readText(conversation, 'streamUrl');
  }

  private keepTheWayBack(): Promise<void> {
    this.keeping ??= this.askForTheWayBack().finally(() => (this.keeping = undefined));
    return this.keeping;
  }

  /** Where that fails the conversation goes on without it; the next connection tries again. */
  private async askForTheWayBack(): Promise<void> {
    const { pass } = this;
    if (!pass || this.options.keep.load()) return;
    try {
      const given = await this.call('POST', '/widget/resume', pass.token, {});
      this.options.keep.save({
        conversationId: pass.conversationId,
        resume: readText(given, 'resume'),
        until: readText(given, 'resumeUntil'),
      });
    } catch {
      return;
    }
  }

  private refreshLater(lifeSeconds: number): void {
    clearTimeout(this.refreshTimer);
    this.refreshTimer = setTimeout(() => void this.refresh(lifeSeconds), (lifeSeconds * 1000) / 2);
  }

  private async refresh(lifeSeconds: number): Promise<void> {
    try {
      const answer = await this.call('POST', '/v3/directline/tokens/refresh', this.pass?.token, {});
      if (this.pass) this.pass = { ...this.pass, token: readText(answer, 'token') };
      this.refreshLater(Number(answer['expires_in']) || lifeSeconds);
    } catch (error) {
      // An expired token is renewed by whoever needs it next; anything else gets better or worse by itself.
      if (!(error instanceof Refused) || !error.isAboutToken) this.refreshLater(lifeSeconds / 4);
    }
  }

  private listen(streamUrl: string): void {
    if (this.stopped || this.networkIsDown) return this.connectLater();
    const socket = new WebSocket(streamUrl);
    this.socket = socket;
    socket.onopen = () => {
      // While messages fail, an open socket proves nothing: else the two would chase each other without a pause.
      if (this.outbox.isEmpty()) this.failures = 0;
      void this.keepTheWayBack();
      this.keepAlive(socket);
      this.become('online');
      this.outbox.flush();
    };
    socket.onmessage = (event) => {
      if (event.data !== '') this.receive(JSON.parse(String(event.data)) as ActivitySet);
    };
    socket.onclose = () => {
      if (this.socket !== socket) return;
      this.dropSocket();
      this.connectLater();
    };
  }

  private keepAlive(socket: WebSocket): void {
    let last = Date.now();
    clearInterval(this.keepAliveTimer);
    this.keepAliveTimer = setInterval(() => {
      const slept = Date.now() - last > SLEPT_MS;
      last = Date.now();
      if (slept) this.reconnect();
      else socket.send('');
    }, KEEP_ALIVE_MS);
  }

  private dropSocket(): void {
    clearInterval(this.keepAliveTimer);
    const socket = this.socket;
    this.socket = undefined;
    socket?.close();
  }

  private receive({ activities = [], watermark }: ActivitySet): void {
    if (watermark !== undefined) this.watermark = watermark;
    const fresh = activities.filter((activity) => this.isNew(activity));
    for (const activity of fresh) {
      const own = activity.channelData?.clientActivityID;
      if (own !== undefined) this.outbox.settle(own);
    }
    // A long history comes in several frames, and what is said meanwhile in the last of them.
    const isPast = ({ timestamp = '' }: ChatActivity) => timestamp <= this.pastUntil;
    for (const past of [true, false]) {
      const part = fresh.filter((activity) => isPast(activity) === past);
      if (part.length > 0) this.options.onActivities(part, past);
    }
  }

  private isNew(activity: ChatActivity): boolean {
    if (activity.id === undefined) return true;
    if (this.seen.has(activity.id)) return false;
    this.seen.add(activity.id);
    return true;
  }

  private async post(message: Unsent): Promise<PostResult> {
    if (!this.pass || this.connection === 'unavailable') return { is: 'later' };
    const { conversationId, token } = this.pass;
    const path = `/v3/directline/conversations/${encodeURIComponent(conversationId)}/activities`;
    try {
      await this.call('POST', path, token, {
        ...(message.event
          ? { type: 'event', ...message.event }
          : { type: 'message', text: message.text, textFormat: 'plain' }),
        locale: this.options.locale ?? 'en-US',
        from: { id: 'visitor' },
        channelData: { clientActivityID: message.clientActivityId },
      });
      this.failures = 0;
      return { is: 'accepted' };
    } catch (error) {
      return this.judge(error);
    }
  }

  /** What a failed post means for the message. */
  private judge(error: unknown): PostResult {
    // No answer at all: the stream is probably cut too, and would notice it much later.
    if (!(error instanceof Refused)) {
      this.dropSocket();
      this.connectLater();
      return { is: 'later' };
    }
    if (error.isAboutToken) {
      this.dropSocket();
      this.connectLater();
      return { is: 'later' };
    }
    return error.isPassing ? { is: 'later', afterMs: error.retryAfterMs } : { is: 'refused' };
  }

  private async call(method: 'GET' | 'POST', path: string, token?: string, body?: object): Promise<Answer> {
    const response = await fetch(this.options.base + path, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      credentials: 'omit',
      cache: 'no-store',
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    if (!response.ok) throw new Refused(response.status, response.headers.get('retry-after'), path);
    return (await response.json()) as Answer;
  }

  private become(connection: Connection): void {
    if (this.connection === connection) return;
    this.connection = connection;
    this.options.onConnection(connection);
  }

  /** Doubling, half of it by chance: after a restart of the server the widgets must not all come at once. */
  private backOff(failures: number): number {
    const least = this.options.leastBackOffMs ?? LEAST_BACK_OFF_MS;
    const longest = Math.min(MOST_BACK_OFF_MS, least * 2 ** (failures - 1));
    return longest * (0.5 + Math.random() / 2);
  }
}

type Answer = Record<string, unknown>;

interface ActivitySet {
  activities?: ChatActivity[];
  watermark?: string;
}

/** The server has answered, and not with what was asked for. */
class Refused extends Error {
  readonly isAboutToken: boolean;
  /** Too busy, or broken for the moment. */
  readonly isPassing: boolean;
  /** This origin may not have a token at all. */
  readonly isFinal: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(
    readonly status: number,
    retryAfter: string | null,
    path: string,
  ) {
    super(`${path} was answered ${status}`);
    const forToken = path.startsWith('/widget/');
    this.isPassing = status === 429 || status === 408 || status >= 500;
    this.isAboutToken = !forToken && (status === 401 || status === 403 || status === 404);
    this.isFinal = forToken && !this.isPassing;
    this.retryAfterMs = Number(retryAfter) > 0 ? Math.min(Number(retryAfter) * 1000, 60_000) : undefined;
  }
}

/** Gone already is what was wanted. */
function goneAlready(error: unknown): Answer {
  if (error instanceof Refused && error.status === 404) return {};
  throw error;
}

function readText(answer: Answer, name: string): string {
  const text = answer[name];
  if (typeof text !== 'string') throw new Error(`The answer has no ${name}.`);
  return text;
}

/** 128 bits from the browser; `crypto.randomUUID` is missing on pages without TLS. */
function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
