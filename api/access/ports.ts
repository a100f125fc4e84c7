import type { AccessClaims } from '#engine/contract';
import type { Caller } from './Caller.ts';

/** The open logins. An ended login has no caller, even while its access token is valid. */
export interface LoginDirectory {
  callerOf(claims: AccessClaims): Promise<Caller | undefined>;
}

/** What the access tokens that people make begin with, so that scanners of leaked secrets know them. */
export const accessTokenPrefix = 'lecpat_';

export function isAccessToken(token: string): boolean {
  return token.startsWith(accessTokenPrefix);
}

/** The valid access tokens that people have made. */
export interface AccessTokenDirectory {
  callerOf(token: string): Promise<Caller | undefined>;
}
