import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openChat } from '../support/direct-line-chat';
import { startMailServer } from '../support/mail-server';
import { dataFolder, startService } from '../support/start-service';

interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: { key: string; value: { stringValue?: string; intValue?: string } }[];
}

test('where a collector is named, requests, turns and deliveries come to it as OTLP, and none of a visitor’s words', async () => {
  const heard: string[] = [];
  const spans: Span[] = [];
  const collector = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      heard.push(
        `${request.method} ${request.url} ${request.headers['content-type']} ${String(request.headers['x-key'])}`,
      );
      const sent = JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] };
      spans.push(
        ...sent.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)),
      );
      response.end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(collector, 'listening');
  const data = dataFolder();
  const mail = await startMailServer();
  const service = await startService(data.folder, {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-key=abc',
    SMTP_URL: mail.url,
    NOTIFY_FROM: 'bot@clinic.test',
    NOTIFY_EMAIL: 'desk@clinic.test',
  });
  const chat = await openChat(service.url);
  await chat.say("I'm Quillon Vanterpool, 410 555 0177, can I book for friday at 4pm?");
  await chat.say('yes');
  await chat.say('skip');
  await chat.say('yes');
  const parent = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };
  await fetch(`${service.url}/healthz`, {
    headers: { traceparent: `00-${parent.traceId}-${parent.spanId}-01` },
  });
  for (let looks = 0; mail.letters.length === 0 && looks < 400; looks++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  // What is left is sent before the end.
  expect(await service.stop()).toBe(0);

  expect(new Set(heard)).toEqual(new Set(['POST /v1/traces application/json abc']));
  const post = spans.find(({ name }) => name === 'POST /v3/directline/conversations/:id/activities');
  const turn = spans.find(({ name, traceId }) => name === 'turn' && traceId === post?.traceId);
  expect(turn?.parentSpanId).toBe(post?.spanId);
  expect(Number(post?.endTimeUnixNano)).toBeGreaterThan(Number(post?.startTimeUnixNano));
  expect(post?.attributes).toContainEqual({ key: 'http.response.status_code', value: { intValue: '200' } });
  expect(spans.find(({ name }) => name === 'GET /healthz')).toMatchObject({
    traceId: parent.traceId,
    parentSpanId: parent.spanId,
  });
  expect(spans.find(({ name }) => name === 'deliver notice-mail')?.attributes).toContainEqual({
    key: 'outcome',
    value: { stringValue: 'sent' },
  });
  expect(JSON.stringify(spans)).not.toMatch(/Quillon|Vanterpool|0177|friday/i);
  expect(JSON.stringify(spans)).not.toContain(chat.conversationId);
  await mail.close();
  collector.close();
  data.remove();
}, 60_000);
