import type { Turns } from './bot/ports';
import { DIGEST_MAIL } from './daily-digest';
import type { Digest } from './daily-digest';
import type { Foundation } from './foundation';
import { createMailSender } from './notify/mail-sender';
import { createAnswerSender, createNoticeSenders } from './notify/notice-senders';
import { type Outbox, createOutbox } from './notify/outbox';
import type { Sender } from './notify/ports';
import { ANSWER_MAIL } from './staff/answer';
import { createOutboxStore } from './storage/outbox-store';

/** How staff hear of an enquiry: mail and webhook, each where it is set up. */
export function buildNoticeSenders({
  config,
  loaded,
  url,
  clock,
  log,
}: Foundation): ReturnType<typeof createNoticeSenders> {
  return createNoticeSenders({
    mail: config.mail,
    webhook: config.webhook,
    clinic: () => loaded().knowledge.clinic,
    linkTo: (reference) => `${url()}/staff/requests/${encodeURIComponent(reference)}`,
    clock,
    log,
  });
}

/** How visitors hear of staff outside the chat: by mail, where it is set up. */
export function buildAnswerSenders({ config, log }: Foundation): Record<string, Sender> {
  return config.mail ? { [ANSWER_MAIL]: createAnswerSender(config.mail, log) } : {};
}

/** The daily digest goes where notices go by e-mail. */
export function buildDigestSender({ config, log }: Foundation): Record<string, Sender> {
  const { mail } = config;
  if (mail === undefined) return {};
  const sender = createMailSender({ ...mail, log }, ({ payload }) => ({
    to: mail.to,
    ...(payload as Digest),
  }));
  return { [DIGEST_MAIL]: sender };
}

/** Delivers to the outside what turns leave for it, with its figures. */
export function buildOutbox(
  { database, clock, metrics, log }: Foundation,
  turns: Turns,
  senders: Readonly<Record<string, Sender>>,
): Outbox {
  const outbox = createOutbox({
    store: createOutboxStore(database),
    senders,
    clock,
    random: Math.random,
    log,
    onAttempt: (kind, outcome) => metrics.count('enquiries_outbox_attempts_total', { kind, outcome }),
  });
  // At once, and only where there is something: most turns leave nothing, and then the database is asked nothing.
  turns.subscribe((_kept, { messages = [], request, withdrawn }) => {
    if (request || withdrawn !== undefined) outbox.wake();
    else outbox.wake(messages.map(({ kind }) => kind));
  });
  metrics.gauge('enquiries_outbox_waiting', () => outbox.figures().waiting);
  metrics.gauge('enquiries_outbox_dead', () => outbox.figures().dead);
  metrics.gauge('enquiries_outbox_oldest_seconds', () => {
    const { oldestWaiting } = outbox.figures();
    return oldestWaiting ? Math.round((clock().getTime() - oldestWaiting.getTime()) / 1000) : 0;
  });
  return outbox;
}
