import { lookup } from 'node:dns/promises';
import ipaddr from 'ipaddr.js';
import { CodedError } from '../../contract/index.ts';
import { resolveTimeoutMs } from '../limits.ts';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

export interface OutboundPolicyOptions {
  /** Networks that this server may connect to although they are not public: `127.0.0.0/8`, `10.1.2.3/32`. */
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

  /**
   * The address to connect to. All addresses of a name have to be allowed. A name that is not found fails as one that leads inside: what
   * the name server of this network knows is nobody's business. @throws CodedError `address.refused`; the reason of `signal`
   */
  async check(hostname: string, signal: AbortSignal = AbortSignal.timeout(resolveTimeoutMs)): Promise<CheckedAddress> {
    const literal = hostname.replace(/^\[|\]$/g, '');
    const found = ipaddr.isValid(literal) ? [literal] : await this.#lookUp(hostname, signal);
    const checked = found.map((address) => this.#checkAddress(address));
    const [first] = checked;
    if (!first || checked.includes(undefined)) throw refused();
    return first;
  }

  /** The resolver of the machine cannot be stopped: after the time limit, its answer is not waited for. */
  async #lookUp(hostname: string, signal: AbortSignal): Promise<readonly string[]> {
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const abort = () => reject(new Error('the name was not resolved in time', { cause: signal.reason }));
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    try {
      return await Promise.race([this.#resolve(hostname), aborted]);
    } catch (cause) {
      throw refused(cause);
    } finally {
      signal.removeEventListener('abort', abort);
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

function refused(cause?: unknown): CodedError {
  return new CodedError('address.refused', 'This server does not connect to that address: its name cannot be resolved, or it is not a public one.', { cause, details: { field: 'url' } });
}

async function resolveByMachine(hostname: string): Promise<readonly string[]> {
  return (await lookup(hostname, { all: true })).map(({ address }) => address);
}

/** Whether the text is a network like `10.0.0.0/8`. */
export function isNetwork(text: string): boolean {
  return ipaddr.isValidCIDR(text);
}
