/** Whether a message is put as a question: a question mark, or a first word that only questions start with. */
export function readsAsQuestion(text: string): boolean {
  if (text.includes('?') || ASKING_AT_THE_END.test(text)) return true;
  const [first = '', second = ''] = text
    .slice(0, 100)
    .toLowerCase()
    .replace(/[’‘`]/g, "'")
    .split(/[^\p{L}']+/u)
    .filter((word) => word !== '' && !LEADING.has(word));
  return (
    ASKING.has(first) ||
    (AUXILIARY.has(first) && SUBJECT.has(second)) ||
    (first === 'tell' && second === 'me')
  );
}

/** "he's 16 is that ok", "I take aspirin would that matter" */
const ASKING_AT_THE_END =
  /\s(?:is|are|would|will|does) (?:that|this|it|those|these|he|she|they) (?:be )?(?:ok|okay|alright|all right|fine|possible|allowed|safe|a problem|an issue|too (?:young|old|late|early|much)|matter)\W*$/i;

const LEADING = new Set([
  'and',
  'but',
  'so',
  'ok',
  'okay',
  'wait',
  'hey',
  'hi',
  'also',
  'btw',
  'um',
  'well',
  'first',
  'before',
  'actually',
  'sorry',
]);
const ASKING = new Set(
  "how how's hows what what's whats when when's where where's wheres who who's why which whose whats wat".split(
    ' ',
  ),
);
const AUXILIARY = new Set(
  "is isn't isnt are aren't does doesn't doesnt do don't dont did can can't cant could will won't would should was were has have may might".split(
    ' ',
  ),
);
const SUBJECT = new Set(
  'it this that these those there they you u i we he she the a an my your smp scalp people anyone someone somebody women men insurance results one all any'.split(
    ' ',
  ),
);
