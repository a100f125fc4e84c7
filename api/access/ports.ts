import type { AccessClaims } from '#engine/contract';
import type { Caller } from './Caller.ts';

/** The open logins. An ended login has no caller, even while its access token is valid. */
export interface LoginDirectory {
  callerOf(claims: AccessClaims): Promise<Caller | undefined>;
}
