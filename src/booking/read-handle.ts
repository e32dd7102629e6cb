/**
 * How somebody wants to be reached on a social network, in their own words: "@ann_lee", "dm me on instagram: ann.lee",
 * "instagram.com/ann_lee". Undefined where no such thing is named. An e-mail address is none.
 */
export function readHandle(text: string): string | undefined {
  return AT_NAME.test(text) || NETWORK.test(text) ? text.trim() : undefined;
}

const AT_NAME = /(?<![\p{L}\p{N}._%+-])@[\p{L}\p{N}_][\p{L}\p{N}._]{1,29}(?![\p{L}\p{N}@])/u;
const NETWORK =
  /\b(?:instagram|insta|facebook|snapchat|tiktok|telegram|discord|twitter|linkedin|wechat|messenger)\b|\b(?:ig|fb|snap)\b ?[:@.-]/i;
