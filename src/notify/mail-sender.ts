import { createHash } from 'node:crypto';
import { createTransport } from 'nodemailer';
import type { Log } from '../http/logger';
import type { SendOutcome, Sender, TakenMessage } from './ports';

export interface MailParts {
  /** `smtps://user:password@mail.example.com:465` */
  smtpUrl: string;
  /** The sender's address, `desk@example.com` or `Front desk <desk@example.com>`. */
  from: string;
  log: Log;
  /** Milliseconds for connecting, for the greeting, and for each answer after it; 10 s unless told. */
  patienceMs?: number;
}

/** One e-mail. All of it is plain text; line breaks in `subject` and names are the library's to fold. */
export interface Letter {
  to: string[];
  subject: string;
  text: string;
  replyTo?: string;
  /** A person wrote it: whoever is away may say so. */
  byPerson?: true;
}

const PATIENCE_MS = 10_000;

/** Sends what `write` makes of a message by SMTP; undefined: there is nothing to say, and the message is done. */
export function createMailSender(
  parts: MailParts,
  write: (message: TakenMessage) => Letter | undefined,
): Sender {
  const patience = parts.patienceMs ?? PATIENCE_MS;
  const transport = createTransport({
    url: parts.smtpUrl,
    connectionTimeout: patience,
    greetingTimeout: patience,
    socketTimeout: patience,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send(message) {
      const written = write(message);
      if (!written) return { outcome: 'sent' };
      const { byPerson, ...letter } = written;
      try {
        const { rejected } = await transport.sendMail({
          ...letter,
          from: parts.from,
          messageId: messageId(message, parts.from),
          // RFC 3834: no out-of-office answers to a machine.
          ...(!byPerson && { headers: { 'Auto-Submitted': 'auto-generated' } }),
        });
        if (rejected.length > 0)
          parts.log.warn({ outbox: message.id, count: rejected.length }, 'some mail addresses were refused');
        return { outcome: 'sent' };
      } catch (error) {
        return failure(error);
      }
    },
  };
}

/** The same at every attempt: a second copy of a letter whose receipt got lost is recognised by mail programs. */
function messageId({ idempotencyKey }: TakenMessage, from: string): string {
  const host = /@([^\s@<>]+)>?$/.exec(from)?.[1] ?? 'localhost';
  return `<${createHash('sha256').update(idempotencyKey).digest('hex').slice(0, 32)}@${host}>`;
}

/** SMTP (RFC 5321 4.2.1): 5yz is final for this letter; 4yz and every fault of the connection pass. */
function failure(error: unknown): SendOutcome {
  const { code, responseCode } = error as { code?: string; responseCode?: number };
  const reason = `mail: ${[code, responseCode].filter((part) => part !== undefined).join(' ') || 'failed'}`;
  if (code === 'EAUTH') return { outcome: 'stop-all', reason: `${reason}: user or password refused` };
  if (responseCode !== undefined && responseCode >= 500) return { outcome: 'dead', reason };
  return { outcome: 'retry', reason };
}
