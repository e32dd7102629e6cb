import { randomBytes } from 'node:crypto';
import { newReceiptCode } from './build-turns';
import { calendarPath } from './channels/web/calendar-route';
import { createTrials } from './curation/try-phrase';
import type { Foundation } from './foundation';
import type { Route } from './http/route';
import type { KnowledgeInUse } from './keep-knowledge';
import { createStaffConsole } from './staff/console';
import type { PersonalData, StaffAccounts, Teachings } from './staff/ports';
import type { SpeechParts } from './staff/speech';
import { createInsightStore } from './storage/insight-store';
import { createReviewStore } from './storage/review-store';

/** What the console works on that others need as well. */
export interface ConsoleStores {
  accounts: StaffAccounts;
  data: PersonalData;
  teachings: Teachings;
}

export function buildConsole(
  { config, database, loaded, url, clock, log }: Foundation,
  { accounts, data, teachings }: ConsoleStores,
  inUse: KnowledgeInUse,
  calendarKey: Buffer,
  { turns, reach }: Pick<SpeechParts, 'turns' | 'reach'>,
): Route[] {
  const tryInThread = createTrials();
  return createStaffConsole({
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
    tryPhrase: (phrase, questions) => tryInThread({ knowledge: loaded().knowledge, phrase, questions }),
    reloadKnowledge: inUse.reload,
    knowledgeProblem: inUse.problem,
    speech: {
      turns,
      reach,
      say: () => loaded().say,
      clinicName: () => loaded().knowledge.clinic.name,
      mails: config.mail !== undefined,
    },
    log,
  });
}
