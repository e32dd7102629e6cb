/** A staff member's e-mail address as it is kept, or undefined where the text is none. */
export function emailIn(text: string): string | undefined {
  const email = text.trim().toLowerCase();
  return email.length <= 254 && /^[^\s@]+@[^\s@]+\.[^\s@]+$|^[^\s@]+@localhost$/.test(email)
    ? email
    : undefined;
}
