import { randomText } from '#engine/kernel';
import type { MacKeys } from '../access/index.ts';

/**
 * Signs and verifies the cookie of a browser in which someone has logged in: `<device>.<HMAC-SHA-256 of device and e-mail>`.
 * An attacker on another device cannot forge it, and so cannot exhaust the login attempts of the account's owner.
 */
export class KnownDevices {
  readonly #keys: MacKeys;

  constructor(keys: MacKeys) {
    this.#keys = keys;
  }

  issue(email: string): string {
    const device = randomText(16);
    return `${device}.${this.#keys.mac(signed(device, email))}`;
  }

  /** The device id; undefined for a forged value or another account. */
  read(mark: string | undefined, email: string | undefined): string | undefined {
    const [, device = '', mac = ''] = /^([0-9a-z]{16})\.([\w-]{43})$/.exec(mark ?? '') ?? [];
    if (device === '' || email === undefined) return undefined;
    return this.#keys.isGenuine(mac, signed(device, email)) ? device : undefined;
  }
}

function signed(device: string, email: string): string {
  return `device\n${device}\n${email}`;
}
