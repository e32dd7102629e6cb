import type { Rate } from '../../http/rate-limit';

/** How much one visitor, one address and all together may ask of the service. */
export interface DirectLineLimits {
  /** New tokens for one address; a clinic's waiting room or a company shares one. */
  tokens: Rate;
  /** New tokens for everybody. */
  allTokens: Rate;
  /** Messages of one conversation; nobody types faster for long. */
  messages: Rate;
  /** Messages of one address. */
  addressMessages: Rate;
  /** Open WebSockets. Half of the server's 2,000 sockets is the most one address can take from the others. */
  streams: { conversation: number; address: number; all: number };
  /** Milliseconds between pings; a client that did not answer the last one is gone. */
  heartbeatMs: number;
  /** Bytes waiting for a client that does not read; it is closed and resumes from its watermark. */
  maxBuffered: number;
  /** Frames of any kind that a client may send between two heartbeats; stock clients send an empty one every 20 s. */
  maxFrames: number;
}

export const LIMITS: DirectLineLimits = {
  tokens: { burst: 300, perSecond: 1 },
  allTokens: { burst: 2_000, perSecond: 50 },
  messages: { burst: 100, perSecond: 2 },
  addressMessages: { burst: 2_000, perSecond: 200 },
  streams: { conversation: 8, address: 1_000, all: 1_800 },
  heartbeatMs: 30_000,
  maxBuffered: 256 * 1024,
  maxFrames: 60,
};
