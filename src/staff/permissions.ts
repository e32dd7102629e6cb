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
  'GET /staff/sign-in': 'anyone',
  'POST /staff/sign-in': 'anyone',
  'GET /staff/setup': 'anyone',
  'POST /staff/setup': 'anyone',
  'POST /staff/sign-out': 'reader',
  'GET /staff': 'reader',
  'GET /staff/conversations': 'reader',
  'GET /staff/conversations/:id': 'reader',
  'POST /staff/conversations/:id/reviewed': 'agent',
  'GET /staff/requests': 'reader',
  'GET /staff/requests/:reference': 'reader',
  'POST /staff/requests/:reference/status': 'agent',
  'GET /staff/accounts': 'admin',
  'POST /staff/accounts': 'admin',
  'POST /staff/accounts/role': 'admin',
  'POST /staff/accounts/reset': 'admin',
  'POST /staff/accounts/remove': 'admin',
};

/** May a signed-in member of this role use the route? False where the route has no rule. */
export function mayUse(role: Role, route: string): boolean {
  const rule = PERMISSIONS[route];
  if (rule === undefined) return false;
  return rule === 'anyone' || ROLES.indexOf(role) >= ROLES.indexOf(rule);
}

/** Readers see phone numbers and e-mail addresses masked. */
export function seesContactDetails(role: Role): boolean {
  return role !== 'reader';
}
