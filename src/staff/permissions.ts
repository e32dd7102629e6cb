import type { Role } from './ports';
import { ROLES } from './ports';

/** The least role that may, or `anyone` where nobody is signed in yet. */
export type Rule = Role | 'anyone';

/**
 * Who may do what: the only place that says so. A route that is missing here is refused to everybody, and a
 * test walks the console's routes and fails on one without a rule.
 */
export const PERMISSIONS: Readonly<Record<string, Rule>> = {
  'GET /staff/console.css': 'anyone',
  'GET /staff/console.js': 'anyone',
  'GET /staff/sign-in': 'anyone',
  'POST /staff/sign-in': 'anyone',
  'GET /staff/setup': 'anyone',
  'POST /staff/setup': 'anyone',
  'POST /staff/sign-out': 'reader',
  'GET /staff': 'reader',
  'GET /staff/live': 'reader',
  'POST /staff/notices/:id': 'agent',
  'POST /staff/page-notes/:name': 'agent',
  'GET /staff/conversations': 'reader',
  'GET /staff/conversations.csv': 'admin',
  'GET /staff/conversations/:id': 'reader',
  'GET /staff/conversations/:id/live': 'reader',
  'POST /staff/views': 'agent',
  'POST /staff/views/:id/remove': 'agent',
  'GET /staff/conversations/:id/revealed': 'agent',
  'POST /staff/conversations/:id/join': 'agent',
  'POST /staff/conversations/:id/leave': 'agent',
  'POST /staff/conversations/:id/messages': 'agent',
  'POST /staff/conversations/:id/reviewed': 'agent',
  'POST /staff/conversations/:id/brought-back': 'agent',
  'POST /staff/conversations/:id/assigned': 'agent',
  'POST /staff/conversations/:id/notes': 'agent',
  'POST /staff/conversations/:id/tags': 'agent',
  'GET /staff/conversations/:id/transcript': 'admin',
  'GET /staff/conversations/:id/test': 'agent',
  'GET /staff/requests': 'reader',
  'GET /staff/requests.csv': 'admin',
  'GET /staff/requests/:reference': 'reader',
  'GET /staff/requests/:reference/live': 'reader',
  'GET /staff/requests/:reference/revealed': 'agent',
  'GET /staff/requests/:reference/revealed/live': 'agent',
  'POST /staff/requests/:reference/answer': 'agent',
  'POST /staff/requests/:reference/status': 'agent',
  'POST /staff/requests/:reference/assigned': 'agent',
  'POST /staff/requests/:reference/notes': 'agent',
  'GET /staff/teach': 'agent',
  'GET /staff/teach/preview': 'agent',
  'POST /staff/teach': 'agent',
  'POST /staff/teach/:id/back': 'agent',
  'GET /staff/teach/draft': 'agent',
  'POST /staff/teach/drafts': 'agent',
  'POST /staff/teach/draft/trial': 'agent',
  'GET /staff/teach/drafts/:id': 'agent',
  'POST /staff/teach/drafts/:id': 'agent',
  'POST /staff/teach/drafts/:id/remove': 'agent',
  'GET /staff/insight': 'reader',
  'GET /staff/me': 'reader',
  'POST /staff/me/name': 'reader',
  'POST /staff/me/password': 'reader',
  'POST /staff/me/sessions': 'reader',
  'POST /staff/me/second-factor/new': 'reader',
  'POST /staff/me/second-factor': 'reader',
  'POST /staff/me/second-factor/remove': 'reader',
  'GET /staff/audit': 'admin',
  'GET /staff/data': 'admin',
  'GET /staff/data/due': 'admin',
  'POST /staff/data/export': 'admin',
  'POST /staff/data/erase': 'admin',
  'POST /staff/data/purge': 'admin',
  'GET /staff/accounts': 'admin',
  'POST /staff/accounts': 'admin',
  'POST /staff/accounts/second-factor': 'admin',
  'POST /staff/accounts/role': 'admin',
  'POST /staff/accounts/disable': 'admin',
  'POST /staff/accounts/enable': 'admin',
  'POST /staff/accounts/reset': 'admin',
  'POST /staff/accounts/remove': 'admin',
};

/** What stays open to whoever still has to set up the second factor that everybody needs. */
const BEFORE_SECOND_FACTOR: ReadonlySet<string> = new Set([
  'POST /staff/sign-out',
  'GET /staff/me',
  'POST /staff/me/password',
  'POST /staff/me/second-factor/new',
  'POST /staff/me/second-factor',
]);

/** Why a signed-in member may not use the route at this moment; undefined where they may. */
export function whyNot(
  member: { role: Role; lacksSecondFactor: boolean },
  route: string,
): 'role' | 'second-factor' | undefined {
  if (!mayUse(member.role, route)) return 'role';
  return member.lacksSecondFactor && !BEFORE_SECOND_FACTOR.has(route) ? 'second-factor' : undefined;
}

/** May a signed-in member of this role use the route? False where the route has no rule. */
export function mayUse(role: Role, route: string): boolean {
  const rule = PERMISSIONS[route];
  if (rule === undefined) return false;
  return rule === 'anyone' || ROLES.indexOf(role) >= ROLES.indexOf(rule);
}
