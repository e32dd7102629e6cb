/**
 * Whether a text holds a web address, with or without https:// ("www.x.example", "x.com/y"). An e-mail address is
 * none. Linear in the text.
 */
export function hasLink(text: string): boolean {
  return LINK.test(text);
}

/** The text with `(link)` in place of each web address: for readers who must not be led there by a click. */
export function withoutLinks(text: string): string {
  return text.replace(ADDRESSES, '(link)');
}

/** Top-level domains that advertisements come with, and the common ones; "e.g.it" and "3.30pm" are no addresses. */
const LINK =
  /\bhttps?:\/\/|\bwww\.|(?<![@\p{L}\p{N}._-])[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,3}\.(?:com|net|org|info|biz|io|co|ru|cn|xyz|shop|online|top|site|store|link|click|club|live|ly|me|app|dev)(?![\p{L}\p{N}.@-]|\.[\p{L}\p{N}])/iu;
const ADDRESSES = new RegExp(`(?:${LINK.source})[^\\s<>"]*`, 'giu');
