import { randomBytes } from 'node:crypto';
import {
  createDirectLine,
  type DirectLine,
  type DirectLineOptions,
} from '../../../src/channels/direct-line/create-direct-line';
import { createHttpServer } from '../../../src/http/create-server';
import type { Route } from '../../../src/http/route';
import { createMemoryTurns, type MemoryTurns } from '../../support/memory-turns';

/** Direct Line on a real server on a free port. */
export interface TestDirectLine extends MemoryTurns {
  base: string;
  port: number;
  directLine: DirectLine;
  /** Moves the clock of the tokens on. */
  passTime(milliseconds: number): void;
  /** A fresh visitor: token and conversation id, started. */
  visitor(): Promise<TestVisitor>;
  call(
    method: string,
    path: string,
    token?: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  errors: string[];
  close(): Promise<void>;
}

export interface TestVisitor {
  conversationId: string;
  token: string;
  streamUrl: string;
}

export interface Answer {
  status: number;
  headers: Headers;
  json: Record<string, unknown> & { error?: { code: string; message: string } };
}

/** `routes` are served beside its own. */
export async function startDirectLine(
  options: Partial<DirectLineOptions> = {},
  routes: Route[] = [],
): Promise<TestDirectLine> {
  const memory = createMemoryTurns();
  const errors: string[] = [];
  let now = Date.now();
  const logger = {
    info: () => undefined,
    warn: () => undefined,
    error: (_fields: object, message: string) => void errors.push(message),
  };
  const directLine = createDirectLine({
    turns: memory.turns,
    log: memory.log,
    resume: memory.resume,
    signingKey: randomBytes(32),
    origins: ['https://clinic.example'],
    clock: () => now,
    randomBytes,
    logger,
    ...options,
  });
  const server = createHttpServer({
    routes: [...directLine.routes, ...routes],
    upgrades: [directLine.upgrade],
    trustProxy: [],
    log: logger,
  });
  const { port } = await server.listen(0, '127.0.0.1');
  const base = `http://127.0.0.1:${port}`;

  const call: TestDirectLine['call'] = async (method, path, token, body, headers = {}) => {
    const answer = await fetch(base + path, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, json: text === '' ? {} : JSON.parse(text) };
  };

  return {
    ...memory,
    base,
    port,
    directLine,
    errors,
    call,
    passTime: (milliseconds) => void (now += milliseconds),
    async visitor() {
      const { json } = await call('POST', '/widget/token');
      const started = await call('POST', '/v3/directline/conversations', String(json['token']), {});
      return started.json as unknown as TestVisitor;
    },
    async close() {
      directLine.close();
      await server.close();
    },
  };
}
