import { createHash, timingSafeEqual } from 'node:crypto';
import type { HttpRequest } from '../http/route';
import type { KeptSession, Role, StaffAccounts } from './ports';

/** Who is signed in, and the token that their forms must carry. */
export interface StaffMember {
  email: string;
  role: Role;
  /** As visitors read it; null: they read that it is the team. */
  displayName: string | null;
  csrf: string;
  /** Everybody needs a second factor, and they have none: nothing but setting one up is open to them. */
  lacksSecondFactor: boolean;
}

/** OWASP ASVS 5.0, 7.3 and the Session Management Cheat Sheet for office work. */
const IDLE = 30 * 60_000;
const ABSOLUTE = 8 * 60 * 60_000;
/** `seen_at` is written at most once a minute, so a session may end up to this much early. */
const SEEN_EVERY = 60_000;

export type Sessions = ReturnType<typeof createSessions>;

/**
 * Sessions of the console. The cookie holds 256 random bits, the database only their SHA-256, so a copy of
 * the database signs nobody in.
 */
export function createSessions(parts: {
  accounts: StaffAccounts;
  clock: () => Date;
  randomBytes: (bytes: number) => Buffer;
  /** The service is reached over https: then the cookie is bound to this host and to encrypted connections. */
  secureCookies: boolean;
}) {
  const { accounts, clock, randomBytes, secureCookies } = parts;
  const name = secureCookies ? '__Host-sid' : 'sid';
  const attributes = `Path=/; HttpOnly; SameSite=Strict${secureCookies ? '; Secure' : ''}`;
  const ago = (milliseconds: number) => new Date(clock().getTime() - milliseconds).toISOString();
  const isOpen = ({ disabled, createdAt, seenAt }: KeptSession) =>
    !disabled && createdAt > ago(ABSOLUTE) && seenAt > ago(IDLE);

  return {
    /**
     * Begins a session with a new id and ends the one the browser came with. `cookie` is the Set-Cookie header, `csrf`
     * what the session's forms must carry.
     */
    async begin(request: HttpRequest, email: string): Promise<{ cookie: string; csrf: string }> {
      await this.end(request);
      await accounts.endOldSessions(ago(ABSOLUTE), ago(IDLE));
      const id = randomBytes(32).toString('base64url');
      const csrf = randomBytes(32).toString('base64url');
      await accounts.openSession({
        idHash: sha256(id),
        email,
        csrf,
        at: clock().toISOString(),
        userAgent: (request.headers['user-agent'] ?? '').slice(0, 200),
      });
      return { cookie: `${name}=${id}; ${attributes}`, csrf };
    },

    /** Undefined where nobody is signed in, the session is over, or the account was disabled. */
    async find(request: HttpRequest): Promise<StaffMember | undefined> {
      const id = request.cookies.get(name);
      if (id === undefined) return undefined;
      const session = await accounts.session(sha256(id));
      if (session === undefined || !isOpen(session)) return undefined;
      if (session.seenAt <= ago(SEEN_EVERY)) await accounts.touchSession(sha256(id), clock().toISOString());
      return memberOf(session);
    },

    /** As `find`, without counting as something that the member did: what a page asks by itself keeps nobody signed in. */
    async stillOpen(request: HttpRequest): Promise<StaffMember | undefined> {
      const id = request.cookies.get(name);
      const session = id === undefined ? undefined : await accounts.session(sha256(id));
      return session !== undefined && isOpen(session) ? memberOf(session) : undefined;
    },

    /** Ends the session on the server and returns the Set-Cookie header that clears it in the browser. */
    async end(request: HttpRequest): Promise<string> {
      const id = request.cookies.get(name);
      if (id !== undefined) await accounts.endSession(sha256(id));
      return `${name}=; ${attributes}; Max-Age=0`;
    },

    /** As the database has it; undefined where nobody is signed in. */
    idHash(request: HttpRequest): string | undefined {
      const id = request.cookies.get(name);
      return id === undefined ? undefined : sha256(id);
    },

    /** Somebody who was signed in when an admin disabled their account. */
    async isOfDisabled(request: HttpRequest): Promise<boolean> {
      const id = request.cookies.get(name);
      return id !== undefined && (await accounts.session(sha256(id)))?.disabled === true;
    },

    hasCookie: (request: HttpRequest) => request.cookies.has(name),
  };
}

function memberOf({ email, role, displayName, csrf, lacksSecondFactor }: KeptSession): StaffMember {
  return { email, role, displayName, csrf, lacksSecondFactor };
}

/** In hexadecimal: of session ids and setup codes, which are random enough to need no salt. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Compares without telling by its time where the two differ. */
export function isSameSecret(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(sha256(one)), Buffer.from(sha256(other)));
}
