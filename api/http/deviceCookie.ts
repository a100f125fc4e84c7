import { parseCookie } from 'cookie';
import type { Request, Response } from 'express';
import type { DeviceCookie } from '../access/index.ts';
import { knownDeviceMs } from '../limits.ts';
import { cookieName } from './cookieName.ts';
import type { KnownDevices } from './KnownDevices.ts';

/** The cookie of a browser in which someone has logged in. It outlives the login and grants nothing. */
export function deviceCookie(request: Request, response: Response, { devices, isSecure }: { devices: KnownDevices; isSecure: boolean }): DeviceCookie {
  const name = cookieName('lectern_device', isSecure);
  const mark = parseCookie(request.headers.cookie ?? '')[name];
  const deviceOf = (email: string | undefined) => devices.read(mark, email);
  return {
    deviceOf,
    remember: (email) => {
      const kept = mark !== undefined && deviceOf(email) !== undefined ? mark : devices.issue(email);
      response.cookie(name, kept, { httpOnly: true, sameSite: 'strict', secure: isSecure, path: '/api/v1/users', maxAge: knownDeviceMs });
    },
  };
}
