import { performance } from 'node:perf_hooks';
import type { Turns } from '../../bot/ports';
import type { Log } from '../../http/logger';
import { createRateLimiter } from '../../http/rate-limit';
import type { Route, UpgradeRoute } from '../../http/route';
import type { ConversationLog, ResumeSecrets } from '../ports';
import { beginConversation, conversationRoutes } from './conversation-routes';
import { createHub } from './hub';
import { type DirectLineLimits, LIMITS } from './limits';
import { corsHeaders, originRule } from './origins';
import { resumeRoutes } from './resume-routes';
import { createStreams } from './stream';
import { senderHashes } from '../sender-hash';
import { createTokens } from './token';
import { tokenRoutes } from './token-routes';

export interface DirectLineOptions {
  turns: Turns;
  log: ConversationLog;
  resume: ResumeSecrets;
  /** 32 random bytes, kept with the data: tokens outlive a restart. */
  signingKey: Buffer;
  /** `DIRECTLINE_SECRET`; without one `tokens/generate` is not there. */
  secret?: string;
  /** `WIDGET_ORIGINS`: pages besides our own that may talk Direct Line. */
  origins: string[];
  /** Where visitors reach us; stream addresses are made from it, else from the Host that was asked. */
  publicUrl?: string;
  /** Milliseconds since 1970. */
  clock: () => number;
  randomBytes: (size: number) => Buffer;
  logger: Log;
  /** For measurements; visitors get LIMITS. */
  limits?: Partial<DirectLineLimits>;
}

export interface DirectLine {
  routes: Route[];
  upgrade: UpgradeRoute;
  /** Open WebSockets, for the figures. */
  openStreams(): number;
  /** Another instance of the service has kept turns of these conversations: what is new goes to their streams. */
  moved(conversationIds: string[]): void;
  /** The same without being told which: one question for all conversations with an open stream. */
  poll(): Promise<void>;
  /** Ends every stream; call it before the server is closed. */
  close(): void;
}

/** Direct Line 3.0 on our own server: stock clients (Web Chat, botframework-directlinejs) talk to it unchanged. */
export function createDirectLine(options: DirectLineOptions): DirectLine {
  const limits = { ...LIMITS, ...options.limits };
  const isAllowedOrigin = originRule(options.origins, options.publicUrl);
  const tokens = createTokens(options.signingKey, options.clock);
  const hub = createHub(options.turns, options.log);
  const streams = createStreams({ ...options, hub, tokens, isAllowedOrigin, limits });
  const monotonic = (): number => performance.now();
  const limiters = {
    tokens: createRateLimiter(limits.tokens, monotonic),
    allTokens: createRateLimiter(limits.allTokens, monotonic),
    messages: createRateLimiter(limits.messages, monotonic),
    addressMessages: createRateLimiter(limits.addressMessages, monotonic),
  };
  const parts = {
    ...options,
    senderHash: senderHashes(options.signingKey),
    tokens,
    limiters,
    isAllowedOrigin,
  };
  const routes = [
    ...tokenRoutes({ ...parts, begin: (request, pass) => beginConversation(parts, request, pass) }),
    ...resumeRoutes(parts),
    ...conversationRoutes(parts),
  ];
  return {
    routes: withCors(routes, corsHeaders(isAllowedOrigin)),
    upgrade: streams.upgrade,
    openStreams: () => streams.count(),
    moved: (conversationIds) => hub.moved(conversationIds),
    poll: () => hub.poll(),
    close() {
      streams.close();
      hub.close();
    },
  };
}

/** Every answer with its CORS headers, and an answer to the browser's question before it asks. */
function withCors(routes: Route[], everyAnswer: NonNullable<Route['everyAnswer']>): Route[] {
  const paths = new Set(routes.map(({ path }) => path));
  return [
    ...routes.map((route) => ({ ...route, everyAnswer })),
    ...[...paths].map((path): Route => ({
      method: 'OPTIONS',
      path,
      everyAnswer,
      handle: async () => ({ status: 204 }),
    })),
  ];
}
