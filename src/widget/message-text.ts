/**
 * Addresses worth a link, as the bot writes them: bare; nothing but https, tel and mailto ever becomes one. And capitals
 * and numbers with hyphens (references, phones, days), which a line must not end in the middle of.
 */
const SPECIAL = /\b(?:https:\/\/|mailto:|tel:)[^\s<>"]+|\b[A-Z\d]{1,10}(?:-[A-Z\d]{1,10}){1,3}\b/g;
const SENTENCE_END = /[.,;:!?)\]]+$/;

/**
 * The bot's plain text as elements: a blank line separates paragraphs, lines starting "- " make a list, bare
 * addresses become links. Everything is set as text; there is no way for markup to come in.
 */
export function renderBotText(text: string): Node[] {
  return text
    .split(/\n{2,}/)
    .map((block) => block.trim())
    .filter((block) => block !== '')
    .flatMap(renderBlock);
}

/** The visitor's own words: one paragraph, nothing interpreted. */
export function renderVisitorText(text: string): Node[] {
  const paragraph = document.createElement('p');
  paragraph.textContent = text;
  return [paragraph];
}

function renderBlock(block: string): Node[] {
  const parts: Node[] = [];
  let lines: string[] = [];
  let list: HTMLUListElement | undefined;
  const endParagraph = () => {
    if (lines.length === 0) return;
    const paragraph = document.createElement('p');
    paragraph.append(...withLinks(lines.join('\n')));
    parts.push(paragraph);
    lines = [];
  };
  for (const line of block.split('\n')) {
    if (!line.startsWith('- ')) {
      list = undefined;
      lines.push(line);
      continue;
    }
    endParagraph();
    if (!list) parts.push((list = document.createElement('ul')));
    const item = document.createElement('li');
    item.append(...withLinks(line.slice(2)));
    list.append(item);
  }
  endParagraph();
  return parts;
}

function withLinks(text: string): (string | Node)[] {
  const parts: (string | Node)[] = [];
  let end = 0;
  for (const found of text.matchAll(SPECIAL)) {
    const words = found[0].replace(SENTENCE_END, '');
    const element = words.includes(':') ? makeLink(words) : makeWhole(words);
    if (!element) continue;
    parts.push(text.slice(end, found.index), element);
    end = found.index + words.length;
  }
  return [...parts, text.slice(end)];
}

function makeWhole(words: string): HTMLElement {
  const whole = document.createElement('span');
  whole.className = 'whole';
  whole.textContent = words;
  return whole;
}

function makeLink(address: string): HTMLAnchorElement | undefined {
  if (!URL.canParse(address)) return undefined;
  const link = document.createElement('a');
  link.href = address;
  link.rel = 'noopener noreferrer';
  if (address.startsWith('https:')) link.target = '_blank';
  link.textContent = address.replace(/^(?:mailto|tel):/, '');
  return link;
}
