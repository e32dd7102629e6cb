import { readReply } from '../booking/read-reply';
import { plainWords } from './plain-words';
import { readsAsQuestion } from './reads-as-question';

/** A whole message that is a yes or a no to a simple offer; undefined when it says anything more. */
export function readYesNo(text: string): 'yes' | 'no' | undefined {
  if (THUMB.test(text)) return 'yes';
  const said = plainWords(text);
  if (YES.has(said) || PASS_ON.test(said)) return 'yes';
  if (NO.has(said)) return 'no';
  if (readsAsQuestion(text)) return undefined;
  const { kind } = readReply(text);
  return kind === 'yes' || kind === 'no' ? kind : undefined;
}

/** "fine, pass it on", "can you forward my question to them" */
const PASS_ON =
  /^(?:(?:yes|yeah|yep|sure|fine|good|great|ok|okay|please|then|just|do|go ahead and|can you|could you|you can) )*(?:pass|send|forward) (?:it|that|this|them|my (?:question|message)|the (?:question|message))(?: (?:on|along|over|to (?:the|your) team|to them|then|for me))*$/;

/** On phones a thumb is how people agree. */
const THUMB = /^\s*👍\p{EMod}?\s*$/u;

const YES = new Set(
  "yes|please|pls|por favor|bitte|per favore|per piacere|s'il vous plaît|s'il vous plait|y|ya|yea|yeah|yep|yup|sure|sure thing|of course|absolutely|definitely|go ahead|do it|do that|sounds good|fine|good|great|alright|all right|correct|right|yes do|yes do that|yes go ahead|yes delete|yes delete it|yes delete everything|pass it on|yes pass it on|pass on|i do|i would|that would be great|that would be good|that works|why not|si|sí|ja|oui|sim|vale|ok|okay|k".split(
    '|',
  ),
);

const NO = new Set(
  "no|n|nah|nope|no thank you|no need|not really|don't|do not|please don't|no don't|rather not|i'd rather not|not today|no way|keep it|no keep it|that's ok|that's fine|it's ok|it's fine|i'm good|im good|no im good|no i'm good|not necessary|nein|nein danke|non|non merci|não|nao|no gracias".split(
    '|',
  ),
);
