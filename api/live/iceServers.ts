import { createHmac } from 'node:crypto';
import type { IceServer, UserId } from '#engine/contract';
import type { ApiConfig } from '../config.ts';
import { turnCredentialSeconds } from '../limits.ts';

export type IceConfig = Pick<ApiConfig, 'LECTERN_STUN_URLS' | 'LECTERN_TURN_URLS' | 'LECTERN_TURN_USERNAME' | 'LECTERN_TURN_PASSWORD' | 'LECTERN_TURN_SECRET'>;

/** The STUN and TURN servers for one browser. With a shared secret, credentials are personal and expire. */
export function iceServersFor(config: IceConfig, userId: UserId, nowMs: number): IceServer[] {
  const servers: IceServer[] = [];
  if (config.LECTERN_STUN_URLS.length > 0) servers.push({ urls: config.LECTERN_STUN_URLS });
  if (config.LECTERN_TURN_URLS.length === 0) return servers;
  const { LECTERN_TURN_SECRET: secret, LECTERN_TURN_USERNAME: username, LECTERN_TURN_PASSWORD: password } = config;
  const account = secret === undefined ? { username, credential: password } : timedCredentials(secret, userId, nowMs);
  servers.push({ urls: config.LECTERN_TURN_URLS, ...account });
  return servers;
}

/** `<expiry>:<user>` and its HMAC-SHA-1 (draft-uberti-behave-turn-rest-00 §2.2), as coturn's `use-auth-secret` verifies it. */
function timedCredentials(secret: string, userId: UserId, nowMs: number): { username: string; credential: string } {
  const username = `${Math.floor(nowMs / 1000) + turnCredentialSeconds}:${userId}`;
  return { username, credential: createHmac('sha1', secret).update(username).digest('base64') };
}
