import type { HttpResponse } from '../http/route';
import { page } from './guard';
import type { ConsoleRequest, ConsoleRoute } from './guard';
import { AuditPage } from './pages/audit-page';
import type { Frame } from './pages/layout';
import type { StaffAccounts } from './ports';
import type { StaffMember } from './sessions';

const ROWS_PER_PAGE = 100;
/** An e-mail address has 254 characters at most. */
const LONGEST_SUBJECT = 300;

/** Who did what and when, for admins. */
export function auditRoutes(parts: {
  accounts: StaffAccounts;
  frameOf: (member: StaffMember) => Promise<Frame>;
}): ConsoleRoute[] {
  async function show({ query }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const given = query.get('before') ?? '';
    const before = /^\d{1,9}$/.test(given) ? Number(given) : undefined;
    const about = (query.get('about') ?? '').trim().slice(0, LONGEST_SUBJECT);
    const subjects = about === '' ? undefined : subjectsCalled(about);
    const rows = await parts.accounts.auditTrail(ROWS_PER_PAGE + 1, before, subjects);
    const check = query.has('check') ? await parts.accounts.checkAudit() : undefined;
    const frame = await parts.frameOf(member);
    const shown = rows.slice(0, ROWS_PER_PAGE);
    const older = rows.length > ROWS_PER_PAGE ? shown.at(-1)?.id : undefined;
    return page(
      200,
      <AuditPage {...{ frame, rows: shown, older, check, about, isFirst: before === undefined }} />,
    );
  }
  return [{ method: 'GET', path: '/staff/audit', handle: show }];
}

/** As the trail may have what somebody calls so: whole, or by a reference, a conversation's id or an account alone. */
function subjectsCalled(about: string): string[] {
  return [about, `request:${about.toUpperCase()}`, `conversation:${about}`, `staff:${about.toLowerCase()}`];
}
