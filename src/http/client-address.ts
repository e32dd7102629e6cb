import { BlockList, isIP } from 'node:net';

/** Tells whether an address is one of the clinic's own proxies. */
export type TrustedProxies = (address: string) => boolean;

/**
 * Reads `TRUST_PROXY`: addresses and networks (`10.0.0.7`, `10.0.0.0/8`, `fd00::/8`).
 * @throws RangeError naming the entry that is neither.
 */
export function trustedProxies(entries: string[]): TrustedProxies {
  const list = new BlockList();
  for (const entry of entries) addEntry(list, entry);
  return (address) => isIP(address) !== 0 && list.check(address, familyOf(address));
}

/**
 * Who is calling: the peer, or where the peer is a trusted proxy the rightmost hop of `X-Forwarded-For` that
 * is not one. A header from anybody else is ignored: it would let every visitor choose a rate limit's key.
 */
export function clientAddress(
  peer: string | undefined,
  forwardedFor: string | undefined,
  isTrusted: TrustedProxies,
): string {
  const hops = (forwardedFor ?? '').split(',').map((hop) => plainAddress(hop.trim()));
  let address = plainAddress(peer ?? '');
  while (isTrusted(address)) {
    const hop = hops.pop();
    if (hop === undefined || isIP(hop) === 0) break;
    address = hop;
  }
  return address;
}

/** `::ffff:10.0.0.7` is 10.0.0.7. */
function plainAddress(address: string): string {
  return address.toLowerCase().startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}

function addEntry(list: BlockList, entry: string): void {
  const [address = '', prefix] = entry.split('/');
  if (isIP(address) === 0) throw wrongEntry(entry);
  if (prefix === undefined) return list.addAddress(address, familyOf(address));
  const bits = /^\d{1,3}$/.test(prefix) ? Number(prefix) : Infinity;
  if (bits > (isIP(address) === 4 ? 32 : 128)) throw wrongEntry(entry);
  list.addSubnet(address, bits, familyOf(address));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

function wrongEntry(entry: string): RangeError {
  return new RangeError(`"${entry}" is neither an address nor a network. Write 10.0.0.7 or 10.0.0.0/8.`);
}
