/** The numbers in words, each at its own place: zero to nineteen. */
export const NUMBER_WORDS = words(
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen ' +
    'eighteen nineteen',
);

/** Each at a tenth of its value: "twenty" is the third. */
export const TENS_WORDS = ['', 'ten', ...words('twenty thirty forty fifty sixty seventy eighty ninety')];

/** The places in words, each at its own place, up to the twentieth. */
export const ORDINAL_WORDS = words(
  'zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth ' +
    'fifteenth sixteenth seventeenth eighteenth nineteenth twentieth',
);

/** The hours of a clock face in words; "one" comes first. */
export const HOUR_WORDS = NUMBER_WORDS.slice(1, 13);

function words(list: string): string[] {
  return list.split(' ');
}
