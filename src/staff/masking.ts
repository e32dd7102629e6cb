/** `a…@example.com`: enough to tell two people apart, not enough to write to them. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  return at < 1 ? '…' : `${email.slice(0, 1)}…${email.slice(at)}`;
}

/** `… 34`: the last two digits. */
export function maskPhone(phone: string): string {
  return `… ${phone.replace(/\D/g, '').slice(-2)}`;
}

// Possessive by construction (each part excludes what follows it), so no text makes them slow.
const EMAIL = /[^\s@<>()[\],;:"]{1,64}@[^\s@<>()[\],;:"]{1,255}/g;
/** Seven digits or more, with what people write between them: a phone number, or near enough to one to hide. */
const PHONE = /\(?\+?\d(?:[\s().\-/]{0,3}\d){6,18}/g;

/** A visitor's words with every e-mail address and phone number in them masked. */
export function maskText(text: string): string {
  return text.replace(EMAIL, maskEmail).replace(PHONE, maskPhone);
}
