import { parseCookie } from 'cookie';
import type { Request, Response } from 'express';
import { CodedError } from '#engine/contract';
import type { Clock } from '#engine/kernel';
import type { RefreshCookie } from '../access/index.ts';
import { clientHeader } from '../contract/index.ts';
import { cookieName } from './cookieName.ts';

/**
 * The refresh token cookie: HttpOnly, SameSite, and limited to `/api/v1/users`. A request that uses it must also carry a
 * header that a form or link cannot set.
 */
export function refreshCookie(request: Request, response: Response, { clock, isSecure }: { clock: Clock; isSecure: boolean }): RefreshCookie {
  const name = cookieName('lectern_refresh', isSecure);
  const attributes = { httpOnly: true, sameSite: 'strict', secure: isSecure, path: '/api/v1/users' } as const;
  const site = request.get('sec-fetch-site');
  return {
    value: parseCookie(request.headers.cookie ?? '')[name],
    // Max-Age, which Express writes beside Expires, does not depend on the clock of the device.
    keep: (token, expiresAtMs) => response.cookie(name, token, { ...attributes, maxAge: expiresAtMs - clock.nowMs() }),
    drop: () => response.clearCookie(name, attributes),
    isFromOwnPage: site === 'same-origin',
    requireOwnSite: () => {
      const isOtherSite = site !== undefined && site !== 'same-origin' && site !== 'none';
      if (isOtherSite || request.get(clientHeader) === undefined) {
        throw new CodedError('access.denied', `Send this request from a page of Lectern, with the header ${clientHeader}.`);
      }
    },
  };
}
