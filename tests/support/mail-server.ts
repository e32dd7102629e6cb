import type { AddressInfo, Socket } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** What the server does with the next letter. */
export type MailFault =
  | 'none'
  /** "Try again later", at the recipient. */
  | 'busy'
  /** No such mailbox. */
  | 'refuse'
  /** Takes the letter and never answers. */
  | 'hang'
  /** Takes the letter and cuts the connection. */
  | 'drop'
  /** User or password wrong. */
  | 'no-entry';

export interface MailServer {
  /** With user and password in it. */
  url: string;
  letters: ParsedMail[];
  /** How often a user and a password were told. */
  signIns: number;
  fault: MailFault;
  close: () => Promise<void>;
}

/**
 * A real SMTP server on this machine, as bad as told. With TLS, from the first byte or by STARTTLS, it shows a certificate
 * that it has signed itself.
 */
export async function startMailServer(tls: 'none' | 'starttls' | 'smtps' = 'none'): Promise<MailServer> {
  const letters: ParsedMail[] = [];
  const server = new SMTPServer({
    secure: tls === 'smtps',
    disabledCommands: tls === 'none' ? ['STARTTLS'] : [],
    allowInsecureAuth: true,
    closeTimeout: 100,
    logger: false,
    onAuth(_auth, _session, done) {
      mail.signIns++;
      if (mail.fault === 'no-entry') return done(smtpError(535, 'wrong'));
      return done(null, { user: 'clinic' });
    },
    onRcptTo(_address, _session, done) {
      if (mail.fault === 'busy') return done(smtpError(421, 'busy'));
      if (mail.fault === 'refuse') return done(smtpError(550, 'no such mailbox'));
      return done();
    },
    onData(stream, _session, done) {
      simpleParser(stream).then(
        (letter) => {
          if (mail.fault === 'none' || mail.fault === 'drop') letters.push(letter);
          if (mail.fault === 'drop') for (const socket of sockets) socket.destroy();
          else if (mail.fault !== 'hang') done();
        },
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
      );
    },
  });
  const sockets = new Set<Socket>();
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket.once('close', () => sockets.delete(socket)));
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  const mail: MailServer = {
    url: `${tls === 'smtps' ? 'smtps' : 'smtp'}://clinic:secret@127.0.0.1:${port}`,
    letters,
    signIns: 0,
    fault: 'none',
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return mail;
}

function smtpError(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}
