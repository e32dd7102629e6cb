import { DateTime } from 'luxon';
import type { Decision } from '../answers/decision';
import type { LabelledQuestion } from '../answers/measure-answers';
import { contactDeadline, overdueSince } from '../booking/contact-deadline';
import type { ContactPromise } from '../booking/contact-deadline';
import type { Log } from '../http/logger';
import type { Route } from '../http/route';
import { accountRoutes } from './account-routes';
import { auditRoutes } from './audit-routes';
import { dataRoutes } from './data-routes';
import { draftRoutes } from './draft-routes';
import { createGuard } from './guard';
import { createLivePages, type LivePages } from './live';
import { liveRoutes } from './live-routes';
import { insightRoutes } from './insight-routes';
import { ownAccountRoutes } from './own-account-routes';
import type { Frame } from './pages/layout';
import type {
  Figures,
  PageNotes,
  PersonalData,
  RetentionDays,
  Review,
  StaffAccounts,
  Teachings,
} from './ports';
import { createRequestReader } from './read-request';
import { requestRoutes } from './request-routes';
import { reviewRoutes } from './review-routes';
import { scriptRoute } from './script';
import { createSessions } from './sessions';
import type { StaffMember } from './sessions';
import { signInRoutes } from './sign-in-routes';
import { createSpeech, type SpeechParts } from './speech';
import { stylesheetRoute } from './stylesheet';
import type { TryChange } from './teaching-effect';
import { teachingRoutes } from './teaching-routes';

export interface StaffConsoleParts {
  accounts: StaffAccounts;
  review: Review;
  clock: () => Date;
  randomBytes: (bytes: number) => Buffer;
  /** True where the console is reached over https. */
  secureCookies: boolean;
  /** IANA: the zone in which every time is shown and a day begins. */
  clinicZone: string;
  /** How soon a new request is to be answered; of clinic.yaml, as it is today. */
  contactPromise: () => ContactPromise;
  /** The address of a request's calendar file. */
  calendarFile: (reference: string) => string;
  /** What today's knowledge makes of a text, to set beside what was answered then. */
  answerNow: (text: string) => Decision;
  /** The entries of today's knowledge. */
  entries: () => { id: string; title: string }[];
  data: PersonalData;
  /** Of clinic.yaml, as it is today. */
  retention: () => RetentionDays;
  newReceipt: () => string;
  figures: Figures;
  teachings: Teachings;
  tryChange: TryChange;
  /** Questions of which somebody said what they mean: a change is tried on them as well. Empty where there are none. */
  labelled: readonly LabelledQuestion[];
  /** The sentence by which the booking asks for a name. */
  asksName: () => string;
  /** Takes what was taught into use. */
  reloadKnowledge: () => Promise<void>;
  /** Why the knowledge folder as it is now is not in use; undefined while it is. */
  knowledgeProblem?: () => string | undefined;
  /** Undefined where Messenger is not set up. */
  pageNotes?: PageNotes | undefined;
  /** How staff write to visitors. */
  speech: SpeechParts;
  log: Log;
}

export interface StaffConsole {
  routes: Route[];
  /** Pages that show what happens; close it before the server. */
  live: LivePages;
  /** Staff have changed something here: for other instances of the service. */
  onChange(listener: () => void): void;
}

/** The staff console under `/staff`: pages that work without scripts, every one of them behind the guard. */
export function createStaffConsole(parts: StaffConsoleParts): StaffConsole {
  const { review, clock, clinicZone, answerNow, entries } = parts;
  const sessions = createSessions(parts);
  const local = (at: Date | string) => DateTime.fromJSDate(new Date(at), { zone: clinicZone });
  const overdue = () => overdueSince(local(clock()), parts.contactPromise()).toUTC().toISO() ?? '';
  const frameOf = async (member: StaffMember): Promise<Frame> => ({
    member,
    waiting: await review.waiting(overdue()),
    now: clock(),
    zone: clinicZone,
    revealed: false,
    dueAt: (waitsSince) =>
      contactDeadline(local(waitsSince), parts.contactPromise()).toUTC().toISO() ?? waitsSince,
    titleOf: (id) => entries().find((entry) => entry.id === id)?.title,
  });
  const speech = createSpeech(parts.speech);
  const live = createLivePages(parts.log);
  const readRequest = createRequestReader({ ...parts, speech, frameOf });
  const routes = [
    stylesheetRoute,
    scriptRoute,
    ...signInRoutes({ ...parts, sessions }),
    ...reviewRoutes({ ...parts, speech, answerNow, entries, overdueSince: overdue, frameOf }),
    ...requestRoutes({ ...parts, speech, readRequest, overdueSince: overdue, frameOf }),
    ...teachingRoutes({
      ...parts,
      answerNow,
      entries,
      reload: parts.reloadKnowledge,
      frameOf,
    }),
    ...draftRoutes({ ...parts, entries, frameOf }),
    ...insightRoutes({ ...parts, frameOf }),
    ...dataRoutes({ ...parts, frameOf }),
    ...accountRoutes({ ...parts, frameOf }),
    ...auditRoutes({ ...parts, frameOf }),
    ...ownAccountRoutes({ ...parts, sessions, frameOf }),
    ...liveRoutes({ ...parts, live, sessions, speech, readRequest, frameOf }),
  ];
  const stopHearing = parts.speech.turns.subscribe(([first]) => {
    if (first) live.moved([first.conversationId]);
  });
  const listeners = [() => live.changed()];
  const changed = () => listeners.forEach((listener) => listener());
  return {
    routes: routes.map(createGuard({ sessions, log: parts.log, onChange: changed })),
    onChange: (listener) => void listeners.push(listener),
    live: {
      ...live,
      close() {
        stopHearing();
        live.close();
      },
    },
  };
}
