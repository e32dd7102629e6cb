import type { Link } from '../curation/find-links';
import type { Problem } from '../curation/knowledge-problem';

/** Addresses asked at most, how many at once, and how long one may take. */
const MOST_LINKS = 50;
const AT_ONCE = 4;
const PATIENCE_MS = 8_000;

/** Says whether a web address answers; the global `fetch` outside of tests. */
export type Fetch = (address: string, options: RequestInit) => Promise<Pick<Response, 'status'>>;

/**
 * A warning for every link that does not answer, or answers with an error. Each address is asked once, the first
 * fifty of them; needs the network, so it is only done when asked for.
 */
export async function checkLinks(links: readonly Link[], fetch: Fetch): Promise<Problem[]> {
  const addresses = [...new Set(links.map(({ address }) => address))].slice(0, MOST_LINKS);
  const complaints = new Map<string, string>();
  for (let at = 0; at < addresses.length; at += AT_ONCE) {
    const few = addresses.slice(at, at + AT_ONCE);
    const answers = await Promise.all(few.map((address) => complaintAbout(address, fetch)));
    few.forEach((address, each) => {
      const complaint = answers[each];
      if (complaint !== undefined) complaints.set(address, complaint);
    });
  }
  return links.flatMap(({ address, problem }) => {
    const complaint = complaints.get(address);
    return complaint === undefined ? [] : [problem(complaint)];
  });
}

async function complaintAbout(address: string, fetch: Fetch): Promise<string | undefined> {
  try {
    // Some servers refuse HEAD: only what GET says counts.
    let { status } = await fetch(address, optionsOf('HEAD'));
    if (status >= 400) ({ status } = await fetch(address, optionsOf('GET')));
    if (status < 400) return undefined;
    return `the link ${address} answers with error ${status}: correct it, or take it out.`;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `the link ${address} does not answer (${reason}): correct it, or take it out.`;
  }
}

function optionsOf(method: 'HEAD' | 'GET'): RequestInit {
  return { method, redirect: 'follow', signal: AbortSignal.timeout(PATIENCE_MS) };
}
