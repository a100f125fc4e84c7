import type { ClamdAddress } from './ClamdScanner.ts';

/** `host:port`, `[::1]:3310`, `unix:/run/clamav/clamd.ctl` or the path of a socket. Undefined if it is none of them. */
export function clamdAddress(text: string): ClamdAddress | undefined {
  const path = /^(?:unix:)?(\/.+)$/.exec(text)?.[1];
  if (path !== undefined) return { path };
  const [, bracketed, plain, digits = ''] = /^(?:tcp:\/\/)?(?:\[([0-9a-fA-F:]+)\]|([^:/[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  return host === undefined || port < 1 || port > 65_535 ? undefined : { host, port };
}
