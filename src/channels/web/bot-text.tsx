import type { VNode } from 'preact';

/** Addresses worth a link, as the bot writes them: bare. Nothing but https, tel and mailto ever becomes one. */
const LINK = /\b(?:https:\/\/|mailto:|tel:)[^\s<>"]+/g;
const SENTENCE_END = /[.,;:!?)\]]+$/;

/**
 * The bot's plain text for a page without scripts, as `src/widget/message-text.ts` shows it with them: a blank line
 * separates paragraphs, lines starting "- " make a list, bare addresses become links.
 */
export function BotText(props: { text: string }) {
  const blocks = props.text.split(/\n{2,}/).filter((block) => block.trim() !== '');
  return <>{blocks.flatMap((block) => groups(block.trim()).map(renderGroup))}</>;
}

type Group = { isList: boolean; lines: string[] };

/** Neighbouring lines of the same kind. */
function groups(block: string): Group[] {
  const found: Group[] = [];
  for (const line of block.split('\n')) {
    const isList = line.startsWith('- ');
    const last = found.at(-1);
    if (last?.isList === isList) last.lines.push(line);
    else found.push({ isList, lines: [line] });
  }
  return found;
}

function renderGroup({ isList, lines }: Group): VNode {
  if (!isList) return <p>{withLinks(lines.join('\n'))}</p>;
  return (
    <ul>
      {lines.map((line) => (
        <li>{withLinks(line.slice(2))}</li>
      ))}
    </ul>
  );
}

function withLinks(text: string): (string | VNode)[] {
  const parts: (string | VNode)[] = [];
  let end = 0;
  for (const found of text.matchAll(LINK)) {
    const address = found[0].replace(SENTENCE_END, '');
    if (!URL.canParse(address)) continue;
    parts.push(text.slice(end, found.index), <Link address={address} />);
    end = found.index + address.length;
  }
  return [...parts, text.slice(end)];
}

function Link({ address }: { address: string }) {
  return (
    <a href={address} rel="noopener noreferrer" {...(address.startsWith('https:') && { target: '_blank' })}>
      {address.replace(/^(?:mailto|tel):/, '')}
    </a>
  );
}
