import { createHmac, timingSafeEqual } from 'node:crypto';
import { randomText } from '#engine/kernel';

/**
 * Signs and verifies the cookie of a browser in which someone has logged in: `<device>.<HMAC-SHA-256 of device and e-mail>`.
 * An attacker on another device cannot forge it, and so cannot exhaust the login attempts of the account's owner.
 */
export class KnownDevices {
  readonly #key: string;

  constructor(key: string) {
    this.#key = key;
  }

  issue(email: string): string {
    const device = randomText(16);
    return `${device}.${this.#mac(device, email)}`;
  }

  /** The device id; undefined for a forged value or another account. */
  read(mark: string | undefined, email: string | undefined): string | undefined {
    const [, device = '', mac = ''] = /^([0-9a-z]{16})\.([\w-]{43})$/.exec(mark ?? '') ?? [];
    if (device === '' || email === undefined) return undefined;
    return timingSafeEqual(Buffer.from(mac), Buffer.from(this.#mac(device, email))) ? device : undefined;
  }

  #mac(device: string, email: string): string {
    return createHmac('sha256', this.#key).update(`device\n${device}\n${email}`).digest('base64url');
  }
}
