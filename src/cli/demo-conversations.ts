import type { Decision } from '../answers/decision';
import type { Entry } from '../answers/knowledge';
import type { BookingRequest } from '../booking/booking-request';
import type { LoadedKnowledge } from '../bot/enquiry-bot';
import type { ReviewReason } from '../bot/ports';
import type { SpokenStep } from '../conversation/choose-next-step';
import { composeReplies } from '../conversation/compose-replies';

/** A made-up conversation, ready to be kept. */
export interface DemoConversation {
  id: string;
  channel: 'directline' | 'messenger';
  startedAt: Date;
  turns: DemoTurn[];
  request?: BookingRequest;
  status?: string;
  /** When staff first answered it. */
  contactedAt?: Date;
  /** The notice to staff about it was given up. */
  isMailLost?: boolean;
  /** The state of a booking that was begun and left. */
  left?: object;
  /** What the visitor thought of the first answer. */
  thumb?: 'up' | 'down';
  review: ReviewReason | null;
  reviewedAt?: Date;
  tags: string[];
  note?: string;
}

export interface DemoTurn {
  said: string;
  replied: string;
  /** Null where it was taken as a reply to the booking. */
  decision: Decision | null;
  step: string;
}

const FIRST_NAMES =
  'Jordan Maria Kevin Priya Andre Sofia Michael Aisha Daniel Elena Marcus Grace Omar Hannah Luis Naomi Peter Yuki Carlos Ines Tom Fatima Greg Linda Raj Chloe'.split(
    ' ',
  );
const LAST_NAMES =
  'Miles Ortiz Brown Patel Jackson Rossi Lee Khan Novak Silva Green Cohen Haddad Meyer Torres Reed Clark Sato Diaz Lund Bauer Ali Hughes Park'.split(
    ' ',
  );
const TAGS = ['vip', 'price shopper', 'call back', 'scar', 'women', 'follow up'];
const NOTES = [
  'Called, left a message.',
  'Wants to come with her husband.',
  'Asked twice about the price: send the consultation link.',
  'Lives two hours away, prefers a weekend.',
];
const UNKNOWN = [
  'do you rent the chair to other artists',
  'can i bring my dog',
  'is there wifi in the waiting room',
  'do u sell gift cards',
  'whats the name of the owner',
  'are you hiring right now',
  'can I vape after',
  'do you have a military discount code',
];

const EMERGENCY = 'my face is swelling up and i cant breathe';

/** The same seed makes the same conversations, whatever the machine. */
export function demoConversations(
  loaded: LoadedKnowledge,
  options: { amount: number; seed: number; until: Date; days: number },
): Iterable<DemoConversation> {
  const random = randomFrom(options.seed);
  const decisions = new Map<string, Decision>();
  const decide = (text: string): Decision => {
    const known = decisions.get(text);
    if (known) return known;
    const decision = loaded.decide(text, {});
    decisions.set(text, decision);
    return decision;
  };
  const questions = loaded.knowledge.entries.filter(({ kind }) => kind === 'question');
  // A visitor's typing errors come back: a few spellings of each phrasing, so that each is decided once.
  const withAnswer = questions.filter(({ approval }) => approval !== 'none');
  const texts = withAnswer.flatMap((entry) => variantsOf(entry, random));
  const withoutAnswer = questions
    .filter(({ approval }) => approval === 'none')
    .flatMap((entry) => variantsOf(entry, random));
  return generate();

  function* generate(): Iterable<DemoConversation> {
    for (let number = 0; number < options.amount; number++) yield one(number);
  }

  function one(number: number): DemoConversation {
    const startedAt = new Date(
      options.until.getTime() - Math.floor(random() ** 1.3 * options.days * 86_400_000) - 60_000,
    );
    const turns = Array.from({ length: 1 + Math.floor(random() ** 2 * 6) }, () => question());
    const fate = random();
    const request = fate < 0.09 ? booking(number, startedAt, turns) : undefined;
    const left = fate >= 0.09 && fate < 0.14 ? leftBooking(turns) : undefined;
    const first = turns[0]?.decision;
    const thumb = first?.decision === 'answer' && random() < 0.1 ? thumbFor(first, random) : undefined;
    const wantsPerson = random() < 0.02;
    if (wantsPerson) turns.push(personWanted());
    if (random() < 0.004) turns.push(asked(EMERGENCY));
    const review = request === undefined ? reasonOf(turns, wantsPerson) : null;
    const age = options.until.getTime() - startedAt.getTime();
    // Staff have been through most of what is older than two days.
    const isReviewed = age > 4 * 86_400_000 ? random() < 0.998 : random() < 0.4;
    return {
      id: `demo-${options.seed}-${String(number).padStart(6, '0')}`,
      channel: random() < 0.22 ? 'messenger' : 'directline',
      startedAt,
      turns,
      ...(request && { request, ...workOn(startedAt, age, random) }),
      ...(left && { left }),
      ...(thumb && { thumb }),
      review: isReviewed ? null : review,
      ...(isReviewed && review && { reviewedAt: new Date(startedAt.getTime() + 2 * 3_600_000) }),
      tags: random() < 0.06 ? [pick(TAGS, random)] : [],
      ...(random() < 0.03 && { note: pick(NOTES, random) }),
    };
  }

  function question(): DemoTurn {
    const kind = random();
    const said = pick(kind < 0.05 ? UNKNOWN : kind < 0.17 ? withoutAnswer : texts, random);
    return asked(said);
  }

  function asked(said: string): DemoTurn {
    const decision = decide(said);
    return { said, replied: replyTo(decision, loaded), decision, step: STEP[decision.decision] };
  }

  function personWanted(): DemoTurn {
    const replied = sentence('conversation.person');
    return { said: 'can i talk to a real person', replied, decision: null, step: 'obey' };
  }

  function ask(turns: DemoTurn[]): void {
    const said = 'I want to book a consultation';
    turns.push({ said, replied: sentence('booking.intro'), decision: decide(said), step: 'book' });
  }

  /** Replies to the booking's questions, each with the sentence that follows it. */
  function tell(turns: DemoTurn[], ...steps: [said: string, next: string][]): void {
    for (const [said, next] of steps)
      turns.push({ said, replied: sentence(next), decision: null, step: 'continue-dialog' });
  }

  /** A sentence of the bot with its places filled in. */
  function sentence(key: string, places: Record<string, string> = {}): string {
    return loaded.say(key, { clinic: loaded.knowledge.clinic.name, ...places });
  }

  /** Somebody who begins to book and goes: nobody knows at which question. */
  function leftBooking(turns: DemoTurn[]): object {
    const name = pick(FIRST_NAMES, random);
    const consent = { ...loaded.knowledge.clinic.consent, at: options.until.toISOString() };
    const asking = pick(['consent', 'name', 'contact', 'contact', 'when'] as const, random);
    ask(turns);
    if (asking !== 'consent') tell(turns, ['yes', 'booking.askName']);
    if (asking === 'contact' || asking === 'when') tell(turns, [name, 'booking.askContact']);
    if (asking === 'when') tell(turns, ['410 555 0100', 'booking.askWhen']);
    const draft = {
      ...((asking === 'contact' || asking === 'when') && { name }),
      ...(asking === 'when' && { phone: { e164: '+14105550100', typed: '410 555 0100' } }),
    };
    const base = { version: 1, kind: 'consultation', asking, said: [], draft, skipped: [], misses: 0 };
    return { dialog: { id: 'booking', state: { ...base, ...(asking !== 'consent' && { consent }) } } };
  }

  function booking(number: number, at: Date, turns: DemoTurn[]): BookingRequest {
    const name = `${pick(FIRST_NAMES, random)} ${pick(LAST_NAMES, random)}`;
    // Numbers and addresses that nobody has: 555-01xx and example.com are kept free for this.
    const digits = `410555${String(100 + Math.floor(random() * 100)).padStart(4, '0')}`;
    const email = `${name.toLowerCase().replace(' ', '.')}${number}@example.com`;
    const wish = pick(
      ['next Tuesday after work', 'any Saturday morning', 'Thursday at 2 pm', 'mornings'],
      random,
    );
    const { clinic } = loaded.knowledge;
    ask(turns);
    tell(
      turns,
      ['yes', 'booking.askName'],
      [name, 'booking.askContact'],
      [`${digits}, ${email}`, 'booking.askWhen'],
    );
    tell(turns, [wish, 'booking.askNote'], ['no', 'booking.askSend']);
    const replied = sentence('booking.sent', { name, reference: `DEMO-${number}` });
    turns.push({ said: 'yes', replied, decision: null, step: 'continue-dialog' });
    return {
      reference: `DEMO-${number}`,
      kind: random() < 0.85 ? 'consultation' : 'question',
      name,
      phone: { e164: `+1${digits}`, typed: digits },
      email,
      wish: { typed: wish, zone: clinic.timeZone, words: wish },
      consent: { ...clinic.consent, at: at.toISOString() },
    };
  }
}

const STEP: Readonly<Record<Decision['decision'], string>> = {
  answer: 'answer',
  clarify: 'offer-choices',
  handoff: 'hand-off',
  booking: 'book',
  safety: 'say-safety',
  none: 'fall-back',
};

function replyTo(decision: Decision, { entries, say }: LoadedKnowledge): string {
  const speaker = { entries, say, againNotUnderstood: false, withoutQuickReplies: false };
  const reply = (step: SpokenStep) =>
    composeReplies(step, speaker)
      .map(({ text }) => text)
      .join('\n\n');
  const entry = decision.entry === null ? [] : [decision.entry];
  switch (decision.decision) {
    case 'answer':
      return reply({ do: 'answer', entries: entry });
    case 'handoff':
      return reply({ do: 'hand-off', entries: entry });
    case 'clarify':
      return reply({
        do: 'offer-choices',
        entries: decision.candidates.slice(0, 3).map((near) => near.entry),
      });
    default:
      return reply({ do: 'fall-back' });
  }
}

function reasonOf(turns: DemoTurn[], wantsPerson: boolean): ReviewReason | null {
  const decided = turns.map(({ decision }) => decision?.decision);
  if (decided.includes('safety')) return 'safety';
  if (wantsPerson) return 'person-wanted';
  if (decided.includes('none') || decided.includes('handoff')) return 'unanswered';
  return decided.includes('clarify') ? 'unsure' : null;
}

/** What staff have done with a request of this age. */
function workOn(
  startedAt: Date,
  age: number,
  random: () => number,
): Pick<DemoConversation, 'status' | 'contactedAt' | 'isMailLost'> {
  const isMailLost = age < 3 * 86_400_000 && random() < 0.1;
  if (age < 36 * 3_600_000) return { status: 'new', isMailLost };
  if (age < 3 * 86_400_000 && random() < 0.4) return { status: 'new', isMailLost };
  const contactedAt = new Date(startedAt.getTime() + (0.5 + random() ** 3 * 60) * 3_600_000);
  return { status: pick(['contacted', 'booked', 'done', 'lost', 'done'], random), contactedAt };
}

/** Visitors like sure answers better. */
function thumbFor({ confidence }: Decision, random: () => number): 'up' | 'down' {
  return random() < confidence * 0.9 ? 'up' : 'down';
}

/** The phrasing, and two ways of mistyping it. */
function variantsOf({ question, phrasings }: Entry, random: () => number): string[] {
  return [question, ...phrasings]
    .filter((text) => text !== '')
    .flatMap((text) => [text, mistyped(text, random), mistyped(text.toLowerCase(), random)]);
}

function mistyped(text: string, random: () => number): string {
  const at = 1 + Math.floor(random() * Math.max(1, text.length - 2));
  const [before, here, after] = [text.slice(0, at), text.charAt(at), text.slice(at + 1)];
  return pick(
    [before + after, before + here + here + after, before + after.charAt(0) + here + after.slice(1)],
    random,
  );
}

function pick<T>(items: readonly T[], random: () => number): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new RangeError('There is nothing to pick from.');
  return item;
}

/** Mulberry32: 0 up to 1, the same on every machine. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
