import { randomBytes } from 'node:crypto';
import type { IdPrefix } from '../contract/index.ts';

/** Crockford's base 32: no i, l, o, u. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** A fresh id, `<prefix>_` and 20 characters of 5 random bits. Parse it with its schema to get the branded type. */
export function newId(prefix: IdPrefix): string {
  return `${prefix}_${randomText(20)}`;
}

/** Random text for codes and one-time tokens, 5 bits a character. */
export function randomText(length: number): string {
  return Array.from(randomBytes(length), (byte) => alphabet[byte & 31]).join('');
}
