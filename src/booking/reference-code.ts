/** Signs that are not taken for each other on paper or over the phone: no 0 O, 1 I L, 2 Z, 5 S, 6 G, 8 B, U V. */
const ALPHABET = '3479ACDEFHJKMNPQRTWXY';
const LENGTH = 5;
/** 64 bits over 4 million codes: no code is noticeably likelier than another. */
const FEWEST_BYTES = 8;

/**
 * A code such as `SA-7K4QX`: the clinic's initials and five signs, one of 4 million; the store keeps it unique.
 * `randomBytes`: at least 8.
 * @throws RangeError with fewer.
 */
export function referenceCode(randomBytes: Uint8Array, clinicName: string): string {
  if (randomBytes.length < FEWEST_BYTES) throw new RangeError('referenceCode needs at least 8 random bytes.');
  return `${initials(clinicName)}-${signsOf(randomBytes, LENGTH)}`;
}

/**
 * A receipt for an erasure such as `DEL-7K4QX-9MNPT`: one of 16 million million, so that two are never the same.
 * `randomBytes`: at least 16.
 * @throws RangeError with fewer.
 */
export function receiptCode(randomBytes: Uint8Array): string {
  if (randomBytes.length < 2 * FEWEST_BYTES)
    throw new RangeError('receiptCode needs at least 16 random bytes.');
  const signs = signsOf(randomBytes, 2 * LENGTH);
  return `DEL-${signs.slice(0, LENGTH)}-${signs.slice(LENGTH)}`;
}

function signsOf(randomBytes: Uint8Array, length: number): string {
  let number = randomBytes.reduce<bigint>((sum, byte) => sum * 256n + BigInt(byte), 0n);
  let signs = '';
  for (let place = 0; place < length; place++) {
    signs += ALPHABET[Number(number % BigInt(ALPHABET.length))];
    number /= BigInt(ALPHABET.length);
  }
  return signs;
}

/** Up to three; `R` (request) for a name without Latin letters. */
function initials(clinicName: string): string {
  const letters = clinicName.normalize('NFKD').match(/(?<![A-Za-z'’\p{M}])[A-Za-z]/gu) ?? ['R'];
  return letters.slice(0, 3).join('').toUpperCase();
}
