import { plainWords } from './plain-words';

/** A whole message that is a yes or a no to a simple offer; undefined when it says anything more. */
export function readYesNo(text: string): 'yes' | 'no' | undefined {
  if (THUMB.test(text)) return 'yes';
  const said = plainWords(text);
  if (YES.has(said)) return 'yes';
  if (NO.has(said)) return 'no';
  return undefined;
}

/** On phones a thumb is how people agree. */
const THUMB = /^\s*👍\p{EMod}?\s*$/u;

const YES = new Set(
  'yes|y|ya|yea|yeah|yep|yup|sure|sure thing|of course|absolutely|definitely|go ahead|do it|do that|sounds good|fine|good|great|alright|all right|correct|right|yes do|yes do that|yes go ahead|yes delete|yes delete it|yes delete everything|pass it on|yes pass it on|pass on|i do|i would|that would be great|that would be good|that works|why not|si|sí|ok|okay|k'.split(
    '|',
  ),
);

const NO = new Set(
  "no|n|nah|nope|no thank you|no need|not really|don't|do not|please don't|no don't|rather not|i'd rather not|not today|no way|keep it|no keep it|that's ok|that's fine|it's ok|it's fine|i'm good|im good|no im good|no i'm good|not necessary".split(
    '|',
  ),
);
