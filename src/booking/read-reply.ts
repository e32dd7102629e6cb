import { bareWords } from './bare-words';
import {
  AROUND_NO_ELSEWHERE,
  AROUND_NOTHING_ELSEWHERE,
  AROUND_YES_ELSEWHERE,
  NOTHING_ELSEWHERE,
  NO_ELSEWHERE,
  YES_ELSEWHERE,
} from './foreign-replies';

/** What a visitor may correct. `contact`: phone or e-mail, whichever. */
export type Field = 'name' | 'phone' | 'email' | 'contact' | 'when' | 'note' | 'question';

/**
 * What a short reply means, whichever prompt waits. `keep`: leave it as it is. `field`: a field's bare name ("phone").
 * `remove`: a field is to be taken out. `change`: a field is wrong, to be changed or to be added; the new value may stand beside it. `separate`: not a
 * change but one more request. `no-phone`, `no-email`, `no-contact`: the visitor has none, or gives none. `wait`: not
 * now, and not never either ("hold on"). `thanks`: nothing but politeness. `show`: what has been understood so far?
 */
export type ReplyRead =
  | {
      kind:
        | 'yes'
        | 'no'
        | 'skip'
        | 'back'
        | 'cancel'
        | 'start-over'
        | 'why'
        | 'help'
        | 'keep'
        | 'withdraw'
        | 'separate'
        | 'no-phone'
        | 'no-email'
        | 'no-contact'
        | 'wait'
        | 'thanks'
        | 'show'
        | 'none';
    }
  | { kind: 'change' | 'field' | 'remove'; field: Field };

/** Longer messages say more than yes or cancel. */
const LONGEST_COMMAND = 80;
const LONGEST_CORRECTION = 200;

/** Never throws; what fits no wording is `none`. */
export function readReply(text: string): ReplyRead {
  const words = plain(text.slice(0, LONGEST_CORRECTION));
  if (WITHDRAW.test(words) && words.length <= LONGEST_COMMAND) return { kind: 'withdraw' };
  const command = text.length <= LONGEST_COMMAND ? commandIn(words) : undefined;
  if (command) return { kind: command };
  if (THANKS.test(words)) return { kind: 'thanks' };
  if (SHOW.test(words)) return { kind: 'show' };
  if (WHY.test(words) || PRIVACY.test(words)) return { kind: 'why' };
  if (SEPARATE.test(words) && !looksLikeQuestion(text)) return { kind: 'separate' };
  if (NO_CONTACT.test(words)) return { kind: 'no-contact' };
  const without = WITHOUT.exec(words)?.[1];
  if (without !== undefined) return { kind: /mail/.test(without) ? 'no-email' : 'no-phone' };
  const removed = REMOVAL.exec(words)?.[1];
  const unwanted = removed === undefined ? undefined : fieldNamed(removed);
  if (unwanted) return { kind: 'remove', field: unwanted };
  const field = fieldToChange(words);
  if (field) return { kind: 'change', field };
  const bare = fieldNamed(words.replace(/^(?:my|the|by|via|use|an?) /, ''));
  return bare ? { kind: 'field', field: bare } : { kind: 'none' };
}

/** "also add that I have a beard", "tell them I'm coming by bus": what is to be put down; undefined where nothing is. */
export function noteToAdd(text: string): string | undefined {
  const note = NOTE_TO_ADD.exec(text)?.[1]?.trim();
  return note && !/^(?:(?:a|the|my|to my) )?notes?\W*$/i.test(note) ? note : undefined;
}

/** Whether a message says outright that it is to be sent ("ok I'm ready, send it"): more than a yes to whatever was asked. */
export function saysToSend(text: string): boolean {
  const words = plain(text.slice(0, LONGEST_CORRECTION));
  return (
    /\b(?:send|submit|confirm|go for it|go ahead|book)(?: (?:it|that|this|me|in|the request|everything|off|now|already|over|away))*$/.test(
      words,
    ) && !/\b(?:not|don't|dont|never|before|until|but|unless|if|when|how|wait|can|could)\b|\?/.test(words)
  );
}

/**
 * A yes or no to "is that all right?" in words that would mean something else elsewhere: "I don't mind" is no day, "it's
 * fine" no note. A half one ("I guess") is neither.
 */
export function readConsent(text: string): 'yes' | 'no' | undefined {
  const words = plain(text.slice(0, LONGEST_COMMAND)).replace(
    /^(?:(?:lol|ok|okay|yes|yeah|nope|no(?! way)) )+/,
    '',
  );
  if (REFUSES.test(words)) return 'no';
  return AGREES.test(words) ? 'yes' : undefined;
}

const AGREES =
  /^(?:i (?:consent|do|don't mind|dont mind|do not mind|have no objections?)|(?:that's|thats|that is|it's|its|it is|this is) (?:quite |perfectly |totally |absolutely |all )?(?:all right|alright|right|ok|okay|fine|good)(?: (?:by|with|for) me)?|not a problem|no objections?|okey ?dokey|(?:you (?:have|got) )?my (?:permission|consent|blessing)|alright(?: then)?|all right(?: then)?|certainly|by all means|bet)$/;
const REFUSES =
  /^(?:absolutely not|certainly not|definitely not|no way.{0,10}|(?:i'd|i would) (?:rather|prefer) (?:you (?:didn't|didnt|did not|don't|dont)|not)|(?:i am|i'm|im)? ?not (?:comfortable|happy|ok|okay|fine)(?: (?:with|about) (?:that|this|it))?|i (?:do not|don't|dont) (?:consent|agree|want that))$/;

/** A yes before more: "yes, I'm Ann Lee"; not "yes but what for", nor "sim, mas não tudo". */
export function beginsWithYes(text: string): boolean {
  const isElsewhere = YES_BEFORE_MORE_ELSEWHERE.test(text);
  if (!isElsewhere && !YES_BEFORE_MORE.test(text)) return false;
  return !RESERVES.test(text) && !(isElsewhere && RESERVES_ELSEWHERE.test(text));
}

const YES_BEFORE_MORE = /^\s*(?:yes|yeah|yep|yup|sure|ok|okay|i agree|agreed|of course|fine)[\s,.!:;-]/i;
const YES_BEFORE_MORE_ELSEWHERE = /^\s*(?:s[iíì]|oui|ja|sim)[\s,.!:;-]/i;
const RESERVES =
  /\?|(?<!\p{L})(?:but|not|don['’]?t|pero|mais|mas|aber|però|nicht|keine?n?|não|nao)(?!\p{L})/iu;
/** They are names or other words where the rest is English. */
const RESERVES_ELSEWHERE = /(?<!\p{L})(?:no|non|pas|ma|sauf)(?![\p{L}'’])/iu;

/** What a yes is followed by: "yes, I'm a bit deaf" -> "I'm a bit deaf". */
export function behindYes(text: string): string {
  return beginsWithYes(text)
    ? text.replace(
        /^\s*[\p{L} ]*?(?<!\p{L})(?:yes|yeah|yep|yup|sure|ok|okay|agreed?|course|fine|s[ií]|oui|ja|sim|sì)[\s,.!:;-]+/iu,
        '',
      )
    : text;
}

/** Does it put something right that was said before? "no, it's Ann", "make it Friday instead" */
export function isCorrection(text: string): boolean {
  const words = plain(text.slice(0, LONGEST_CORRECTION));
  return (
    /^(?:no|nope|sorry|actually|wait|oops|correction|scratch that|make it|change|rather|let'?s do|my bad)\b/.test(
      words,
    ) ||
    /\b(?:instead|actually|i meant|i mean|should be|make it|wrong|rather|correct (?:name|number|email) is)\b/.test(
      words,
    )
  );
}

/** "I can't do Friday, Monday would be fine": what is said besides the day that is off. */
export function besidesWhatCannotBe(text: string): string {
  return text
    .split(/[,;.]|\b(?:but|and|so)\b/i)
    .filter((clause) => !CANNOT_COME.test(plain(clause)))
    .join(', ');
}

/** A question to be answered rather than a reply, as far as its form tells. */
export function looksLikeQuestion(text: string): boolean {
  const words = plain(text.slice(0, LONGEST_CORRECTION));
  const asks =
    /^(?:so |and |but |hi |hello |um |ok |just )?(?:how|what|whats|what's|why|where|who|which|when|does|do|did|is|are|can|could|will|would|should|has|have)\b/;
  return /\?\s*$/.test(text.trim()) || (asks.test(words) && words.split(' ').length >= 3);
}

function plain(text: string): string {
  const spoken = text
    .replace(/[\u{1f44d}\u{2705}\u{1f44c}]/gu, ' yes ')
    .replace(/[\u{1f44e}\u{274c}]/gu, ' no ')
    .replace(/\u{1f937}/gu, ' idk ');
  return bareWords(spoken)
    .replace(
      /^(?:(?:um|uh|oh|hmm|well|so|and|please|pls|hey) )+|(?: (?:please|pls|plz|thanks|thank you|thx|then|mate|sir|ma'?am|madam|dear|hun|hon|darling|love|buddy|bud|bro|guys|folks))+$/g,
      '',
    )
    .replace(/\s+/g, ' ')
    .trim();
}

type Command = 'yes' | 'no' | 'skip' | 'back' | 'cancel' | 'start-over' | 'help' | 'keep' | 'wait';

function commandIn(words: string): Command | undefined {
  const bare = words.replace(/^(?:(?:oops|sorry|wait|actually|just|ok|okay|no|then) )+/, '');
  const found =
    COMMANDS.find(([, wordings]) => wordings.has(words)) ??
    COMMANDS.find(([command, wordings]) => command !== 'yes' && wordings.has(bare));
  if (found) return found[0];
  if (WAIT.test(words)) return 'wait';
  if (NOTHING_MORE.test(words)) return 'skip';
  if (NOT_RIGHT.test(words)) return 'no';
  if (WRONG_PLACE.test(bare)) return 'cancel';
  if (GOODBYE.test(bare)) return 'wait';
  if (/^stop (?:asking|bothering|messaging|texting)\b/.test(bare)) return 'cancel';
  if (/^(?:cancel|stop|forget) (?:it|this|that|all|everything|about it|(?:the|my) booking)$/.test(bare))
    return 'cancel';
  if (
    /^i (?:do not|don't|dont) want to (?:book|do this|continue|go on)(?: any ?more| now| after all)?$/.test(
      bare,
    )
  )
    return 'cancel';
  const tokens = words.split(' ');
  if (saysOnly(tokens, STRONG_NOTHING, WEAK_NOTHING)) return 'skip';
  if (POLITE_YES.test(words) || saysOnly(tokens, STRONG_YES, WEAK_YES)) return 'yes';
  if (saysOnly(tokens, STRONG_NO, WEAK_NO)) return 'no';
  return undefined;
}

/** All words are of the wording's vocabulary, and one of them carries it. */
function saysOnly(tokens: string[], strong: Set<string>, weak: Set<string>): boolean {
  return (
    tokens.some((token) => strong.has(token)) && tokens.every((token) => strong.has(token) || weak.has(token))
  );
}

const COMMANDS: [Command, Set<string>][] = [
  [
    'cancel',
    wordings(
      'cancel, cancle, cancell, stop, quit, exit, abort, end, never mind, nevermind, nvm, forget it, forget that, forget about it, ' +
        'not now, maybe later, later, another time, not today, no booking, i changed my mind, changed my mind, stop it, stop asking, ' +
        "i want to stop, i want to cancel, cancelar, do not send it, don't send it, dont send it, don't send, do not send, don't send that",
    ),
  ],
  [
    'start-over',
    wordings(
      'start over, start again, startover, restart, begin again, from the beginning, reset, start from the beginning, start from scratch, ' +
        "let's start over, can we start over, can i start over, i want to start over",
    ),
  ],
  [
    'back',
    wordings(
      'back, go back, previous, previous question, back up, last question, undo, one back, step back, the previous question, ' +
        'can i go back, can we go back, i want to go back, back please, atras',
    ),
  ],
  [
    'keep',
    wordings(
      'keep, keep it, keep as typed, keep what i typed, leave it, leave it as it is, leave as is, keep it as it is, no change, no changes, ' +
        "it's right as it is, leave it like that, nothing to change, use what i typed, keep mine",
    ),
  ],
  [
    'skip',
    wordings(
      'skip, skp, skpi, skipp, skip it, skip this, skip that, skip this one, pass, none, nothing, n/a, na, no have, not have, no note, no notes, nothing else, nothing to add, ' +
        "rather not, i'd rather not, rather not say, prefer not to say, i prefer not to, leave it blank, leave it empty, leave blank, " +
        "that's all, thats all, that is all, don't know, dont know, i don't know, i dont know, idk, dunno, not sure, i'm not sure, no idea, " +
        "don't have one, i don't have one, i dont have one, no comment, all good no note, no message, nada, next, move on, continue, " +
        "i'm good, im good, i'm fine, im fine, i'm all set, im all set, just call me, call me, have someone call me, " +
        'just have someone call me, just call, not telling, not telling you, none of your business, nada más, nada mas, rien, ' +
        "rien d'autre, nichts, nichts weiter, sonst nichts, niente, nient'altro, mais nada, nada mais",
    ),
  ],
  [
    'help',
    wordings(
      "help, help me, what can i say, what can i do, what do you mean, i don't understand, i dont understand, don't understand, " +
        'options, what are my options, huh, what, what now, sorry what, what do i do, what should i do, what do i write, what do i write here, ' +
        'what should i write, what do i type, what should i type, what do i put, what do i put here, what do i say, what should i say, ' +
        'what do you need, what do you want from me, is anyone there, is anybody there, anyone there, are you there, are you still there, hello, i have a question, actually i have a question, i just have a question, actually i just have a question, ' +
        'i have another question, one question, quick question, ?',
    ),
  ],
  [
    'yes',
    wordings(
      "no problem, no worries, why not, that's it, do it, absolutely, send, sí, si, claro, definitely, ship it, lgtm, you bet, bet, aight, let's do it, lets do it, y, ya, ye, d'accord, vale, " +
        "de acuerdo, está bien, esta bien, todo bien, por supuesto, va bene, tutto bene, com certeza, tudo bem, in ordnung, alles gut, bien sûr, bien sur, avec plaisir, c'est bon, ça marche, tout est bon, pas de problème",
    ),
  ],
  ['no', wordings('n, no gracias, i refuse, never, no way, nein, nein danke, non, non merci, não, nao')],
];

function wordings(list: string): Set<string> {
  return new Set(list.split(', '));
}

const STRONG_YES = new Set([
  ...'yes yea yeah yep yup yas yess yse ys yed sedn snd sned ok okay okey k kk sure agree agreed accept confirm confirmed submit send correct right perfect great good fine go absolutely definitely course sounds'.split(
    ' ',
  ),
  ...YES_ELSEWHERE,
]);
const WEAK_YES = new Set([
  ..."i do it that that's thats it's its all is looks look to me please now ahead you can of with this the request everything and thanks for sounds am i'm happy very much use one already do so much just now right away alright over let's lets go there cool awesome love my then well back on 100 we".split(
    ' ',
  ),
  ...AROUND_YES_ELSEWHERE,
]);
const STRONG_NO = new Set([
  ..."no nope nah noo not disagree decline refuse don't dont rather".split(' '),
  ...NO_ELSEWHERE,
]);
const WEAK_NO = new Set([
  ...'i do agree thanks thank you really to want that it this please consent accept wish would like at all'.split(
    ' ',
  ),
  ...AROUND_NO_ELSEWHERE,
]);
const STRONG_NOTHING = new Set(NOTHING_ELSEWHERE);
const WEAK_NOTHING = new Set(AROUND_NOTHING_ELSEWHERE);

/** "I should like that, yes", "you may", "that would be very kind": a yes to an offer, in more words. */
const POLITE_YES =
  /^(?:(?:well|oh|ah|why|thank you|thanks|ok|okay|yes|yeah|sure) )*(?:(?:i|we)(?: would| should|'d) (?:very much |really |certainly )?(?:like|love|appreciate) (?:that|it|this)|(?:that|it)(?: would|'d|'ll| will) be (?:very |really |so |most )?(?:kind|helpful|lovely|great|nice|good|perfect|wonderful)(?: of you)?|you (?:may|can)|if you (?:would|could|please|don't mind))(?: (?:yes|very much|thank you|indeed|of course|so much))*$/;

const WITHDRAW =
  /\b(?:withdraw|cancel|delete|remove|drop|call off)\b(?: \w+)? (?:my|the|this|that) (?:booking|request|appointment|consultation|consult)\b|^withdraw(?: it| request)?$/;

/** "hold on", "let me think about it", "I'll do it later": nothing is given up by it. */
const WAIT =
  /^(?:(?:no|ok|okay|um|uh|hm+|oh|well|please|just) )*(?:wait|hold on|hang on|hold it|one (?:moment|second|sec|minute|min)|(?:a|one|just a|give me a) (?:moment|second|sec|minute|min)|not yet|brb|(?:please )?(?:do not|don't|dont) send (?:it |that |anything )?(?:yet|now)|(?:let me|i need to|i have to|i want to|i'll|i will|need to) (?:think|sleep|check|ask|see|look|get back|come back|do (?:it|this|that) later)(?: (?:about|on|with|to) .{1,30}| (?:it|first|this))?|(?:i'll|i will|i can|can i|let me) (?:do|finish|answer|send) (?:it|this|that)? ?(?:later|tomorrow|tonight|in a bit|another time))(?: (?:a|one|just|second|sec|moment|minute|min|please|ok|first|up))*$/;

/** "sorry, wrong chat": what was begun was not meant. */
const WRONG_PLACE =
  /^(?:(?:oh|oops|sorry|i(?:'m| am)|my bad|this is|i think|got|have) )*(?:the |in the )*wrong (?:chat|place|number|person|window|business|company|site|page|bot|shop|clinic)(?: (?:sorry|my bad|here))*$/;
/** Who leaves in the middle may come back to it. */
const GOODBYE =
  /^(?:(?:ok|okay|anyway|well|thanks|thank you|sorry|i(?:'ve)?|(?:have )?(?:got to|gotta) go) )*(?:bye+(?: bye+| for now)?|goodbye|good bye|cya|see (?:you|ya)(?: later)?|good night|gtg|g2g|ttyl|(?:have )?(?:got to|gotta) go|(?:talk|speak) (?:to you )?later|later)$/;

const THANKS =
  /^(?:(?:thanks|thank you|thx|ty|cheers|lol|haha|hehe|cool|nice|awesome|so much|a lot|very much|man|mate)(?: |$))+$/;
const SHOW =
  /^(?:(?:can|could) you |please )?(?:show|tell|read|repeat)(?: me)?(?: back)? (?:what (?:i|you)\b.{0,40}|the summary|my (?:details|booking|request|answers))$|^what (?:do you have|have you got|did i (?:enter|put|say|give|tell)|have i (?:entered|given|told))\b.{0,30}$|^summary$/;

/** Nothing to add: "nah I think that's it", "no that's everything". */
const NOTHING_MORE =
  /^(?:(?:no|nah|nope|well|i think|i guess|i believe|thanks|thank you|that's|thats|that is|that'll be|that will be|it's|and|so) )+(?:it|all|everything|all set|all good|all for now|it for now|nothing(?: else)?|fine|good|i'm good|im good|i'm fine|i'm all set)(?: (?:i think|i guess|for now|thanks|thank you|so much|really|from me|on my end|folks))*$/;

/** "that's not right", "it's wrong" */
const NOT_RIGHT =
  /^(?:no )?(?:(?:that's|thats|that is|it's|its|it is|this is|that|it) )?(?:(?:isn't|isnt|is not|not) (?:quite |entirely |all )?(?:right|correct|ok|true)|incorrect|wrong)$/;

const NO_CONTACT =
  /^(?:(?:no|sorry|but|well) )*(?:(?:i(?:'d| would)? (?:rather not|prefer not to|do not want to|don't want to|dont want to|won't|wont|will not)|i (?:do not|don't|dont)) (?:(?:give|share|say|leave|have|use) )+(?:you )?(?:either|any|neither|both|them|those|that|it|my (?:details|contact|info(?:rmation)?)|any of (?:it|that|them))(?: (?:out|of them|one|to you|away))*|(?:no|not (?:my |an? )?) ?(?:phone|number|e-?mail) (?:either|neither)|neither(?: one| of them)?|i have neither|none of them)$/;

const NOTE_TO_ADD =
  /^\s*(?:(?:yes|ok|okay|and|also|oh|please|can you|could you|just|actually|wait)[\s,]+)*(?:add|mention|note|tell (?:them|him|her|the (?:clinic|team|doctor|staff))|let (?:them|the (?:clinic|team|doctor|staff)) know)(?: (?:down|also|a note|the note|to the note|in the note))?(?: (?:that|saying))?[\s:,]+(\S.{2,})$/is;

const SEPARATE =
  /\b(?:second|separate|another|additional|extra|one more) (?:booking|request|appointment|consultation|consult)\b|\bnew (?:booking|request)\b|^(?:(?:and|now|also|then|ok|please|can i (?:also )?get|could i (?:also )?(?:get|have)|i (?:also )?need|i (?:also )?want|i'd (?:also )?like|book|me|to book) )*(?:one|another|another one|one more|the same) for (?:my \w+|me|us|\p{L}+)\b/u;

const WITHOUT =
  /^(?:(?:no|sorry|but|well) )*(?:(?:i|we) (?:do not|don't|dont) (?:have|own|want to give|give|give out|do|use|share) (?:(?:out|a|an|any|my|you) ){0,2}|(?:i )?(?:have no|haven't got (?:a|an|any)|have not got (?:a|an)|got no) |i(?:'d| would) rather not (?:give|share|say) (?:(?:you|my|a|out) ){0,2}|no )((?:cell |mobile |home )?(?:phone|telephone|cell|mobile)(?: number)?|number|e-?mail(?: address)?)\b/;

const WHY =
  /^(?:but )?why(?:$| (?:so|this|that|all|the|these|do you have) .{0,20}(?:many|questions?|info(?:rmation)?|details?)\b| (?:do|would|are|is|should|must|that|this)?\b.{0,40}\b(?:need|ask|asking|want|necessary|required|give|know|matter)\b)|^(?:but )?what(?:'s| is| do you| would you| will you) .{0,25}\b(?:need|use|do with|want) ?.{0,25}\b(?:it|that|this|number|phone|email|name|address)\b|^(?:what|for what|what's (?:it|that)) for$|^do (?:you|i) (?:really )?(?:need|have to (?:give|answer|fill|tell|do|say))\b|^(?:what (?:happens|if)|and|what happens) .{0,10}(?:if )?i (?:say|said|refuse|do not|don't|choose) ?(?:no|not)?$|^(?:is|are) (?:just )?(?:a|my|the) (?:first|nick) ?names? (?:ok|okay|enough|fine|alright|good)|^can i (?:just )?(?:give|use|leave) (?:just )?(?:both|a first name|one|my first name)$/;

/** "is my data safe?", "don't sell it to anybody": answered with what the details are for. */
const PRIVACY =
  /^(?:yes |ok |fine |sure |but |and |so |then )*(?:is|are|will|do|does|can|who|how|where|what)\b.{0,30}\b(?:(?:my|the|this|these) (?:data|info(?:rmation)?|details?|number|email)|it|this)\b.{0,25}\b(?:safe|secure|private|confidential|protected|stored?|kept|shared?|sold|sell|used)\b|\b(?:sell|share|spam|abuse|misuse|give away|pass on)(?:ing)? (?:me|it|my (?:data|info(?:rmation)?|details?|number|email))\b|\bprivacy (?:policy|notice|statement)\b|^what (?:exactly |all )?(?:do|will|would) (?:you|they) (?:keep|store|save|collect|do with (?:it|my))\b|^(?:who|where) (?:else )?(?:sees|reads|gets|can see|will see|has|does) .{0,20}(?:this|it|that|my (?:data|info(?:rmation)?|details?|number|email)|go)\b/;

const NOUNS: [Field, string][] = [
  ['name', 'names?|nombre|spelling'],
  ['phone', '(?:phone|cell|mobile|telephone|tel)(?: number)?|number|numbers|digits'],
  ['email', 'e-?mail(?: address)?|mail|address'],
  ['when', 'day(?: and time)?|date|time|day or time|appointment|hour|slot'],
  ['note', 'notes?|message|comment|remark'],
  ['question', 'questions?'],
  ['contact', 'contact(?: details?| info)?|details?'],
];
const NOUN = NOUNS.map(([, noun]) => noun).join('|');
const REMOVAL = new RegExp(
  `^(?:(?:please|can you|could you|actually|no|and) )*(?:remove|delete|drop|take out|take off|leave out|leave off|scratch|erase|forget) (?:(?:my|the|that|this) )*(${NOUN})(?: again| out| off| please)*$`,
);
const CHANGES = [
  new RegExp(
    `\\b(?:change|edit|fix|correct|update|modify|redo|replace|wrong|different|new|add|forgot|forgot to give|mistake in|typo in|mistyped|misspelled) (?:(?:my|the|a|an|with|that|your|phone) ){0,2}(${NOUN})\\b`,
  ),
  new RegExp(
    `\\b(${NOUN})(?: (?:you have|above|there|i gave))? ?(?:is|was|'s|has|seems|looks) ?(?:(?:a|an|all|completely|spelled|spelt|the) ){0,2}(?:wrong|incorrect|mistake|misspelled|typo|off|old|missing|not there|not right|not correct)\\b`,
  ),
  new RegExp(`\\b(${NOUN}) (?:isn't|isnt|is not|wasn't) (?:quite |spelled )?(?:right|correct|mine|good)\\b`),
  new RegExp(`\\bnot my (${NOUN})\\b`),
  new RegExp(
    `\\b(?:use|prefer|rather have|rather use) (?:by |via |an? |my |the )?(e-?mail|phone|mail)(?: instead| rather| better)$`,
  ),
];

/** "tuesday is bad after all", "friday doesn't work" */
const DAY_OFF =
  /^(?:(?:hmm|no|but|oh|well|sorry|actually|wait|i think) )*(?:on )?(?:mon|tues?|wednes|thurs?|fri|satur|sun|wed|sat)(?:day)?s? (?:is|are|isn't|isnt|doesn't|doesnt|does not|won't|wont|will not|would be|no longer) ?(?:not |no )?(?:really |so )?(?:bad|good|work|working|works|possible|out|off|ok|fit|suit|great|ideal)\b/;

/** "I can't do Friday after all", "something came up": the day that was named is off. */
const CANNOT_COME =
  /\b(?:can(?:'?t|not| not)|won'?t be able to|am not able to|not able to|unable to|no longer able to) (?:do|make|manage|come|attend)\b(?! (?:it )?(?:now|this|that)\b.*\?)|\b(?:something|sth) (?:has )?(?:came|come) up\b|\bno longer (?:works|free|available)\b/;

function fieldToChange(words: string): Field | undefined {
  if (CANNOT_COME.test(words) && !/^(?:what|how|why|if)\b/.test(words)) return 'when';
  if (
    DAY_OFF.test(words) &&
    !/\b(?:is|are|would be) (?:really |so )?(?:good|ok|possible|working|great|ideal)\b/.test(words)
  )
    return 'when';
  for (const pattern of CHANGES) {
    const noun = pattern.exec(words)?.[1];
    if (noun) return fieldNamed(noun);
  }
  return undefined;
}

function fieldNamed(words: string): Field | undefined {
  return NOUNS.find(([, noun]) => new RegExp(`^(?:${noun})$`).test(words))?.[0];
}
