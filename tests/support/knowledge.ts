import type { Entry, Knowledge } from '../../src/answers/knowledge';
import { plainEntry } from '../../src/answers/plain-knowledge';

/** An entry from as much as a test wants to say; its topic, title and label follow from the id. */
export function entryOf(entry: Partial<Entry> & { id: string }): Entry {
  return plainEntry({
    label: entry.id.slice(0, 20),
    phrasings: [],
    answer: `The answer about ${entry.id}.`,
    ...entry,
  });
}

/** A whole knowledge from a few entries; everything else is empty or plain unless `more` says otherwise. */
export function knowledgeOf(
  entries: readonly (Partial<Entry> & { id: string })[],
  more: Partial<Omit<Knowledge, 'entries'>> = {},
): Knowledge {
  return {
    version: '000000000000',
    clinic: {
      name: 'Test Clinic',
      location: 'Maryland, USA',
      timeZone: 'America/New_York',
      country: 'US',
      details: new Map(),
      unknown: [],
      consent: { version: '1', text: 'We keep your details to call you back.' },
      privacyUrl: '',
      retention: { unfinishedChats: 30, transcripts: 365, requests: 730 },
      contactWithinHours: 24,
    },
    facts: new Map(),
    concepts: [],
    background: [],
    fillers: [],
    safety: [],
    costs: { wrongAnswer: 4, answeredOutOfScope: 5, offer: 0.3, uselessOffer: 1, missedAnswer: 1.5 },
    wording: new Map(),
    ...more,
    entries: entries.map(entryOf),
  };
}
