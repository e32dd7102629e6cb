import fc from 'fast-check';

/** One of each way in: elements, attributes, addresses, templates, styles, closing tags, direction marks. */
export const HOSTILE = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg onload=alert(1)><animate onbegin=alert(1) attributeName=x>',
  '<iframe srcdoc="<script>parent.alert(1)</script>"></iframe>',
  '<a href="javascript:alert(1)">here</a>',
  '[here](javascript:alert(1))',
  '![picture](https://attacker.invalid/pixel.png)',
  'javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:msgbox(1)',
  'http://attacker.invalid/',
  'https://user:pass@attacker.invalid/"onmouseover="alert(1)',
  'https://attacker.invalid/<b>x',
  '"><script>alert(1)</script>',
  "'-alert(1)-'",
  '</textarea><script>alert(1)</script>',
  '</style><style>body{display:none}</style>',
  '<style>@import "https://attacker.invalid/x.css"</style>',
  '<math><mtext></math><img src=x onerror=alert(1)>',
  '<form action=https://attacker.invalid><button>Send</button></form>',
  '<meta http-equiv=refresh content="0;url=https://attacker.invalid">',
  '{{constructor.constructor("alert(1)")()}}',
  '${alert(1)}',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '\u202ecilbup si siht\u202c',
  '- <img src=x onerror=alert(1)>',
];

const CLOSERS = [
  '',
  '"',
  "'",
  '"\'>',
  '-->',
  ']]>',
  '</title>',
  '</textarea>',
  '</script>',
  '</p></div>',
  '`',
  '\n- ',
  '](',
];
const ELEMENTS = [
  'script',
  'img src=x',
  'svg/onload=alert(1)',
  'iframe src=javascript:alert(1)',
  'object data=data:text/html,x',
  'embed src=//attacker.invalid/x',
  'video poster=//attacker.invalid/x.png',
  'audio src=//attacker.invalid/x',
  'link rel=stylesheet href=//attacker.invalid/x.css',
  'base href=//attacker.invalid/',
  'input autofocus',
  'details open',
  'marquee',
  'math',
  'template',
  'a href=" javascript:alert(1)"',
  'IMG\tSRC=x',
  'img/src=x',
];
const HANDLERS = [
  '',
  ' onerror=alert(1)',
  ' onload=alert`1`',
  ' onfocus="alert(1)"',
  ' ontoggle=alert(1)',
  ' onClick=alert(1)',
];
const ADDRESSES = [
  'java\tscript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'javascript&colon;alert(1)',
  '\u0001javascript:alert(1)',
  'data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==',
  'blob:https://attacker.invalid/1',
  'file:///etc/passwd',
  'https:javascript:alert(1)',
  'https://attacker.invalid/?"><svg/onload=alert(1)>',
  "https://attacker.invalid/'onclick='alert(1)",
  'https://attacker.invalid\\@clinic.example/',
  'mailto:a@b.invalid?body=<script>alert(1)</script>',
  'tel:1;javascript:alert(1)',
];
const MARKS = ['', '\u202e', '\u2066', '\u200f', '\u0000', '\u00ad', '\ufeff'];

const elements = fc
  .tuple(
    fc.constantFrom(...CLOSERS),
    fc.constantFrom(...ELEMENTS),
    fc.constantFrom(...HANDLERS),
    fc.boolean(),
  )
  .map(([closer, element, handler, closed]) => `${closer}<${element}${handler}${closed ? '>x' : ' //'}`);
const addresses = fc
  .tuple(
    fc.constantFrom(...MARKS),
    fc.constantFrom(...ADDRESSES),
    fc.constantFrom('plain', 'link', 'picture', 'item'),
  )
  .map(([mark, address, as]) => {
    if (as === 'link') return `[${mark}here](${address})`;
    if (as === 'picture') return `![${mark}x](${address})`;
    return as === 'item' ? `- ${mark}${address}` : `${mark}${address}`;
  });

/** The above and as many put together of their parts as make `amount`; the same ones each time. */
export function hostileTexts(amount: number): string[] {
  const made = fc.sample(fc.oneof(elements, addresses), { seed: 1, numRuns: 4 * amount });
  return [...new Set([...HOSTILE, ...made])].slice(0, amount);
}
