import { createHmac, timingSafeEqual } from 'node:crypto';

/** Secret texts; they change when the site rotates them. `SharedSecret` is one. */
export interface MacSecrets {
  current(): { value: string };
  accepted(): readonly { value: string }[];
}

/** Makes and checks HMAC-SHA-256 with the current secret, and checks with those before it. */
export class MacKeys {
  readonly #secrets: MacSecrets;

  constructor(secrets: MacSecrets) {
    this.#secrets = secrets;
  }

  mac(text: string): string {
    return macWith(this.#secrets.current().value, text);
  }

  isGenuine(mac: string, text: string): boolean {
    const given = Buffer.from(mac);
    return this.#secrets.accepted().some(({ value }) => {
      const expected = Buffer.from(macWith(value, text));
      return given.length === expected.length && timingSafeEqual(given, expected);
    });
  }
}

function macWith(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text).digest('base64url');
}
