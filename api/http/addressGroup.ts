import { isIPv6 } from 'node:net';

/** A customer has at least a /64 (RFC 6177 §2): four of the eight groups of an IPv6 address. */
const sharedGroups = 4;

/** The key under which requests of an address are counted: an IPv4 address itself, the /64 of an IPv6 address. */
export function addressGroup(address: string): string {
  const [plain = ''] = address.split('%');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1];
  if (mapped !== undefined || !isIPv6(plain)) return mapped ?? plain;
  // The URL parser converts a dotted-decimal ending to hexadecimal groups (WHATWG URL §4.5).
  const [before = '', after] = new URL(`http://[${plain}]`).hostname.slice(1, -1).split('::');
  const [head, tail] = [groupsOf(before), groupsOf(after ?? '')];
  const zeros = Array<string>(8 - head.length - tail.length).fill('0');
  return `${[...head, ...zeros, ...tail].slice(0, sharedGroups).join(':')}::/64`;
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':');
}
