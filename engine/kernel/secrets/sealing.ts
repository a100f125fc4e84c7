import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const algorithm = 'aes-256-gcm';
/** RFC 5116 §5.1: AEAD_AES_256_GCM has nonces of 12 octets. */
const nonceBytes = 12;
const tagBytes = 16;

/** The text, encrypted and authenticated, as base64. `context` belongs to it: it cannot be opened as something else. */
export function seal(text: string, { sealKey, context }: { sealKey: string; context: string }): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, keyFrom(sealKey, context), nonce);
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString('base64');
}

/** @throws Error when it was sealed with another key, or is damaged */
export function unseal(sealed: string, { sealKey, context }: { sealKey: string; context: string }): string {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv(algorithm, keyFrom(sealKey, context), bytes.subarray(0, nonceBytes));
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()]).toString('utf8');
}

/** RFC 5869. The setting has to be random, not a password. */
function keyFrom(sealKey: string, context: string): Buffer {
  return Buffer.from(hkdfSync('sha256', sealKey, 'lectern', context, 32));
}
