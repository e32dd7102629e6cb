import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { newReceiptCode } from './build-turns';
import { calendarPath } from './channels/web/calendar-route';
import { readQuestions } from './cli/labelled-questions';
import { createTrials } from './curation/try-change';
import type { Foundation } from './foundation';
import type { KnowledgeInUse } from './keep-knowledge';
import { type StaffConsole, createStaffConsole } from './staff/console';
import type { PersonalData, StaffAccounts, Teachings } from './staff/ports';
import type { SpeechParts } from './staff/speech';
import { createInsightStore } from './storage/insight-store';
import { createPageNotes } from './storage/page-notes';
import { createReviewStore } from './storage/review-store';

/** The labelled questions of the tests, which are shipped with the program: a change is tried on them, too. */
const LABELLED_QUESTIONS = path.resolve(__dirname, '../../tests/answers/questions/labelled.jsonl');

/** What the console works on that others need as well. */
export interface ConsoleStores {
  accounts: StaffAccounts;
  data: PersonalData;
  teachings: Teachings;
}

export function buildConsole(
  { config, database, loaded, url, clock, metrics, log }: Foundation,
  { accounts, data, teachings }: ConsoleStores,
  inUse: KnowledgeInUse,
  calendarKey: Buffer,
  { turns, reach }: Pick<SpeechParts, 'turns' | 'reach'>,
): StaffConsole {
  const tryInThread = createTrials();
  const labelled = existsSync(LABELLED_QUESTIONS) ? readQuestions(LABELLED_QUESTIONS) : [];
  const staffConsole = createStaffConsole({
    accounts,
    review: createReviewStore(database),
    clock,
    randomBytes,
    secureCookies: config.publicUrl?.startsWith('https:') ?? false,
    clinicZone: loaded().knowledge.clinic.timeZone,
    contactPromise: () => {
      const { contactWithinHours: hours, hours: openingHours, closedOn } = loaded().knowledge.clinic;
      return { hours, openingHours, closedOn };
    },
    calendarFile: (reference) => `${url()}${calendarPath(calendarKey, reference)}`,
    answerNow: (text) => loaded().decide(text, {}),
    entries: () => loaded().knowledge.entries,
    data,
    retention: () => loaded().knowledge.clinic.retention,
    newReceipt: newReceiptCode,
    figures: createInsightStore(database),
    teachings,
    tryChange: (change, questions) =>
      tryInThread({
        knowledge: loaded().knowledge,
        calibration: inUse.calibration(),
        change,
        questions,
      }),
    labelled,
    asksName: () => loaded().say('booking.askName', {}),
    reloadKnowledge: inUse.reload,
    knowledgeProblem: inUse.problem,
    pageNotes: config.messenger && createPageNotes(database),
    speech: {
      turns,
      reach,
      say: () => loaded().say,
      clinicName: () => loaded().knowledge.clinic.name,
      mails: config.mail !== undefined,
    },
    log,
  });
  metrics.gauge('enquiries_console_streams', () => staffConsole.live.count());
  return staffConsole;
}
