import {
  type Activity,
  ConnectionStatus,
  DirectLine,
  type DirectLineOptions,
} from 'botframework-directlinejs';
import { WebSocket } from 'ws';

// The library is made for browsers and takes both from the global object.
Object.assign(globalThis, { XMLHttpRequest: jest.requireActual('xhr2'), WebSocket });

/** The stock library, with what it received and where its connection stands. */
export class StockClient {
  readonly received: Activity[] = [];
  readonly statuses: ConnectionStatus[] = [];
  /** No more activities will come. */
  hasEnded = false;
  private readonly waiting = new Set<() => void>();
  private readonly directLine: DirectLine;

  constructor(url: string, options: DirectLineOptions) {
    this.directLine = new DirectLine({ ...options, domain: `${url}/v3/directline` });
    this.directLine.connectionStatus$.subscribe((status) => {
      this.statuses.push(status);
      this.wake();
    });
    this.directLine.activity$.subscribe(
      (activity) => {
        this.received.push(activity);
        this.wake();
      },
      () => {
        this.hasEnded = true;
        this.wake();
      },
    );
  }

  texts(): (string | undefined)[] {
    return this.received.map((activity) => (activity.type === 'message' ? activity.text : activity.type));
  }

  async post(text: string, clientActivityID = `id-${text}`): Promise<string> {
    const activity: Activity = {
      type: 'message',
      text,
      from: { id: 'somebody else', role: 'bot' },
      channelData: { clientActivityID },
    };
    return new Promise((resolve, reject) =>
      this.directLine.postActivity(activity).subscribe(resolve, reject),
    );
  }

  /** Resolves as soon as it is so; the test's own time limit ends a wait for what never comes. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>((resolve) => void this.waiting.add(resolve));
  }

  end(): void {
    this.directLine.end();
  }

  private wake(): void {
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }
}
