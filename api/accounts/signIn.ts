import type { DeviceCookie, RefreshCookie } from '../access/index.ts';
import type { Session } from './Logins.ts';

/** The response that starts a session in a browser: the refresh token goes into its cookie. */
export function signIn({ refresh, ...session }: Session, { cookie, device }: { cookie: RefreshCookie; device: DeviceCookie }): Omit<Session, 'refresh'> {
  cookie.keep(refresh.token, refresh.expiresAtMs);
  device.remember(session.account.email);
  return session;
}
