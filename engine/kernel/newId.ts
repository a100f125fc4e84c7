import { randomBytes } from 'node:crypto';
import type { IdPrefix } from '../contract/index.ts';

/** Crockford's base 32 in lower case: without i, l, o and u. https://www.crockford.com/base32.html */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** A new id: `<prefix>_` and 20 random characters (100 bits). Parse it with its schema to get the branded type. */
export function newId(prefix: IdPrefix): string {
  return `${prefix}_${randomText(20)}`;
}

/** Cryptographically random text of `length` characters, 5 bits each. For codes and one-time tokens. */
export function randomText(length: number): string {
  return Array.from(randomBytes(length), (byte) => alphabet[byte & 31]).join('');
}
