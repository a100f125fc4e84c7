import { BlockList, isIP } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/**
 * The network of an IP address, for logs: `203.0.113.x`, `2001:db8:7::/48`. It is enough to see an attack, and names nobody. Other
 * texts, such as host names of servers, and addresses of this machine stay.
 */
export function networkOf(address: unknown): unknown {
  if (typeof address !== 'string') return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
  const version = isIP(mapped);
  if (version === 0 || loopback.check(mapped, version === 4 ? 'ipv4' : 'ipv6')) return mapped;
  if (version === 4) return mapped.replace(/\.\d+$/, '.x');
  // The first three groups, with those that `::` leaves out.
  const [head = '', tail] = mapped.split('::');
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) groups.push(...Array.from({ length: Math.max(0, 8 - groups.length - (tail === '' ? 0 : tail.split(':').length)) }, () => '0'));
  return `${groups.slice(0, 3).join(':')}::/48`;
}
