import { lookup } from 'node:dns/promises';
import ipaddr from 'ipaddr.js';
import { CodedError } from '../../contract/index.ts';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

export interface OutboundPolicyOptions {
  /** Networks inside of which this server may connect all the same: `127.0.0.0/8`, `10.1.2.3/32`. */
  allowed: readonly string[];
  /** By default that of the machine. */
  resolve?: (hostname: string) => Promise<readonly string[]>;
}

export interface CheckedAddress {
  address: string;
  family: 4 | 6;
  /** The setting names its network: then it need not be public, nor use TLS. */
  isAllowed: boolean;
}

/**
 * Where this server may connect for others: to public unicast addresses, and to networks that a setting names. Addresses of this
 * machine, of private networks, of cloud metadata services and of tunnels that lead to them are refused.
 */
export class OutboundPolicy {
  readonly #allowed: readonly [Address, number][];
  readonly #resolve: (hostname: string) => Promise<readonly string[]>;

  constructor({ allowed, resolve = resolveByMachine }: OutboundPolicyOptions) {
    this.#allowed = allowed.map((network) => ipaddr.parseCIDR(network));
    this.#resolve = resolve;
  }

  /** The address to connect to. All addresses of a name have to be allowed. @throws CodedError `address.refused` */
  async check(hostname: string): Promise<CheckedAddress> {
    const literal = hostname.replace(/^\[|\]$/g, '');
    const found = ipaddr.isValid(literal) ? [literal] : await this.#lookUp(hostname);
    const checked = found.map((address) => this.#checkAddress(address));
    const [first] = checked;
    if (!first || checked.includes(undefined)) throw new CodedError('address.refused', 'This server does not connect to that address: it is not a public one.', { details: { field: 'url' } });
    return first;
  }

  async #lookUp(hostname: string): Promise<readonly string[]> {
    try {
      return await this.#resolve(hostname);
    } catch (cause) {
      throw new CodedError('address.refused', 'The name of that address cannot be resolved. Check it.', { cause, details: { field: 'url' } });
    }
  }

  #checkAddress(text: string): CheckedAddress | undefined {
    if (!ipaddr.isValid(text)) return undefined;
    // An IPv4 address in IPv6 notation is what it stands for.
    const parsed = ipaddr.process(text);
    const isAllowed = this.#allowed.some(([network, bits]) => network.kind() === parsed.kind() && parsed.match([network, bits] as [ipaddr.IPv4, number]));
    if (!isAllowed && parsed.range() !== 'unicast') return undefined;
    return { address: parsed.toString(), family: parsed.kind() === 'ipv6' ? 6 : 4, isAllowed };
  }
}

async function resolveByMachine(hostname: string): Promise<readonly string[]> {
  return (await lookup(hostname, { all: true })).map(({ address }) => address);
}

/** Whether the text is a network like `10.0.0.0/8`. */
export function isNetwork(text: string): boolean {
  return ipaddr.isValidCIDR(text);
}
