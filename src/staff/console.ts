import type { Decision } from '../answers/decision';
import type { Log } from '../http/logger';
import type { Route } from '../http/route';
import { accountRoutes } from './account-routes';
import { createGuard } from './guard';
import type { Frame } from './pages/layout';
import type { Review, StaffAccounts } from './ports';
import { reviewRoutes } from './review-routes';
import { createSessions } from './sessions';
import type { StaffMember } from './sessions';
import { signInRoutes } from './sign-in-routes';
import { stylesheetRoute } from './stylesheet';

export interface StaffConsoleParts {
  accounts: StaffAccounts;
  review: Review;
  clock: () => Date;
  randomBytes: (bytes: number) => Buffer;
  /** True where the console is reached over https. */
  secureCookies: boolean;
  /** IANA: the zone in which every time is shown and a day begins. */
  clinicZone: string;
  /** What today's knowledge makes of a text, to set beside what was answered then. */
  answerNow?: (text: string) => Decision;
  /** The title of a knowledge entry; without it, entries are shown by their id. */
  titleOf?: (entry: string) => string | undefined;
  log: Log;
}

/** The staff console under `/staff`: pages that work without scripts, every one of them behind the guard. */
export function createStaffConsole(parts: StaffConsoleParts): Route[] {
  const { review, clock, clinicZone, answerNow, titleOf = () => undefined } = parts;
  const sessions = createSessions(parts);
  const frameOf = async (member: StaffMember): Promise<Frame> => ({
    member,
    waiting: await review.waiting(),
    now: clock(),
    zone: clinicZone,
    titleOf,
  });
  const routes = [
    stylesheetRoute,
    ...signInRoutes({ ...parts, sessions }),
    ...reviewRoutes({ ...parts, answerNow, frameOf }),
    ...accountRoutes({ ...parts, frameOf }),
  ];
  return routes.map(createGuard(sessions));
}
