/**
 * Whether a message plainly asks for an appointment, for a call, or to be signed up: "I'd like to book for my husband",
 * "can someone call me". Questions about booking ("how do I book?", "do I need an appointment?") are left to the
 * answers. What else the message says ("I'm Ann Lee, 410 ...") does not matter here, so names and numbers cannot
 * hide the wish from the matcher.
 */
export function asksToBook(text: string): boolean {
  const words = text
    .slice(0, LONGEST)
    .toLowerCase()
    .replace(/[’‘`]/g, "'")
    .replace(/\bu\b/g, 'you')
    .replace(/ 4 (?=(?:me|us|sat|sun|mon|tue|wed|thu|fri|tom|tod|next|this)[a-z]*\b)/g, ' for ');
  return ASKS.some((pattern) => pattern.test(words)) && !ABOUT.test(words);
}

const LONGEST = 300;

const MEETING =
  '(?:appointment|appt|apointment|appointmnet|appoinment|appointement|apartment|consultation|consult|consulation|booking|session|visit|slot|spot|reservation|meeting|rendez-?vous|rendezvous)s?';
/** By themselves these are no question either: "sessions?" asks how many there are. */
const MEETING_ALONE =
  '(?:appointment|appt|apointment|appointmnet|appoinment|appointement|consultation|consult|consulation|booking|reservation|rendez-?vous|rendezvous)';

const DAY =
  'mon|tues?|wed|thu(?:rs?)?|fri|sat|sun|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|today|tomorrow|tonight|weekend|week|morning|afternoon|evening|\\d{1,2}(?:st|nd|rd|th)|(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*';

const RELATION = 'husband|wife|partner|son|daughter|brother|sister|mother|father|mom|mum|dad|friend';

const ASKS = [
  // I want to book ..., I'd like to make an appointment, we need a consultation
  new RegExp(
    `\\b(?:i|we)(?:'?d| would)? ?(?:want|wanna|wish|need|like|love|am trying|'m trying|am looking|'m looking|am ready|'m ready)(?: to)? (?:please )?(?:book|schedule|reserve|arrange|sign up|come in for a consult|(?:(?:make|do|set up|get|have|take|request) )?(?:(?:an?|my|another|one) )?(?:\\w{1,15} )?${MEETING})\\b`,
  ),
  // can I book ..., could we schedule ..., may I get an appointment
  new RegExp(
    `\\b(?:can|could|may) (?:i|we|you) (?:please )?(?:book|schedule|(?:make|set up|get|have|request) (?:an?|me an?) (?:\\w{1,15} )?${MEETING})\\b`,
  ),
  // book me in, schedule a consultation, make an appointment for Tuesday
  new RegExp(
    `^(?:hi|hello|hey|ok|okay|yes|please|so|well|pls|,|\\.|!| )*(?:book|schedule|make|set up|reserve|arrange) (?:me|us|an?|my) (?:(?:in|down|up|new|free) )?(?:${MEETING}|for|on|with|in|down)\\b`,
  ),
  // book for tuesday, schedule for the 3rd
  new RegExp(
    `^(?:hi|hello|hey|ok|okay|yes|please|pls|,|\\.|!| )*(?:book|schedule|reserve) (?:for|on) (?:(?:this|next|the|my|\\d) ?)?(?:${DAY}|${RELATION})\\b`,
  ),
  // book, booking please, appointment
  new RegExp(
    `^(?:hi|hello|hey|ok|okay|yes|please|pls|,|\\.|!| )*(?:book|schedule|${MEETING_ALONE})(?: (?:now|it|me|please|pls|plz|thanks))*[ .!]*$`,
  ),
  // another booking, a second request
  new RegExp(
    `^(?:please |i'd like |i want |make |and |an? )*(?:another|second|separate|additional|one more|new) ${MEETING}\\b`,
  ),
  /\b(?:please |can you |could you |can someone |could someone |can somebody |have someone |have somebody |(?:can|could) (?:someone|somebody|anyone) (?:maybe |please |possibly |just )|i'd like (?:you|someone) to |i want (?:you|someone) to )(?:call|phone|ring|text|contact|reach) me\b(?! an? (?:uber|lyft|taxi|cab|ride|ambulance)\b)/,
  // call me, ring me back please
  /^(?:hi|hello|hey|ok|okay|yes|please|pls|just|so|,|\.|!| )*(?:call|phone|ring|text|contact) me(?: (?:back|please|pls|now|today|tomorrow|later|asap|soon|thanks))*[ .!]*$/,
  // can I come in saturday afternoon, could we stop by on the 3rd
  new RegExp(
    `\\b(?:can|could|may) (?:i|we) (?:both |all )?(?:come|stop|drop|pop|swing)(?: (?:in|by|over|together|along|to (?:you|see you)|and see you))*(?: (?:on|at|this|next|for|the|around|maybe))* (?:${DAY})\\b`,
  ),
  // can you fit me in, could you squeeze us in next week
  /\b(?:can|could|would) (?:you|they) (?:maybe |please |possibly )?(?:fit|squeeze|slot|pencil|book) (?:me|us|him|her|my \w+) in\b/,
  // I'd like to come in on Friday
  new RegExp(
    `\\b(?:i|we)(?:'?d| would)? ?(?:want|wanna|wish|like|love)(?: to)? (?:come|stop|drop|pop|swing)(?: (?:in|by|over|to see you))*(?: (?:on|at|this|next|for|the|around|maybe))* (?:${DAY})\\b`,
  ),
];

/** Asked about, not asked for. */
const ABOUT =
  /\b(?:how (?:do|can|would|should|far|long|much|many|early|soon)|what|where|when|why|which|is there|are there|do (?:i|we|you)|does|should (?:i|we)|must (?:i|we)|if (?:i|we)|before (?:i|we)|cost|price|cancel|change|reschedule|move|miss(?:ed)?|had|already)\b/;
