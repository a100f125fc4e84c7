import { createHmac, timingSafeEqual } from 'node:crypto';
import { randomText } from '#engine/kernel';

/**
 * Makes and reads the marks of browsers in which someone has logged in: `<device>.<HMAC-SHA-256 of device and e-mail>`.
 * Whoever guesses at an account from elsewhere cannot make one, and so cannot use up the tries of its owner.
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

  /** The device; undefined for a mark that is not ours or of another account. */
  read(mark: string | undefined, email: string | undefined): string | undefined {
    const [, device = '', mac = ''] = /^([0-9a-z]{16})\.([\w-]{43})$/.exec(mark ?? '') ?? [];
    if (device === '' || email === undefined) return undefined;
    return timingSafeEqual(Buffer.from(mac), Buffer.from(this.#mac(device, email))) ? device : undefined;
  }

  #mac(device: string, email: string): string {
    return createHmac('sha256', this.#key).update(`device\n${device}\n${email}`).digest('base64url');
  }
}
