import { createHmac, randomBytes } from 'node:crypto';

/** Bytes of a secret (Standard Webhooks: 24 to 64). */
const secretBytes = 32;

export function newWebhookSecret(): string {
  return `whsec_${randomBytes(secretBytes).toString('base64')}`;
}

/** The header fields of a delivery, as the Standard Webhooks specification 1.0 names them. */
export function signedHeaders({ secret, id, timestampSeconds, payload }: { secret: string; id: string; timestampSeconds: number; payload: string }): Record<string, string> {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestampSeconds}.${payload}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(timestampSeconds), 'webhook-signature': `v1,${signature}` };
}
