import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { hasAllRoles } from '#engine/kernel';
import type { ProcessConfig } from '#engine/kernel';
import { encoderServerUrl } from '#ingest/contract';
import type { ApiConfig } from '../config.ts';

export interface Announced {
  /** URL of the pages on this machine. */
  url: string;
  /** Link that creates the first account; undefined once there is an admin. */
  setupUrl: string | undefined;
  ports: { rtmpPort: number; rtmpsPort: number | undefined };
  config: ApiConfig & Pick<ProcessConfig, 'LECTERN_DATA_DIR' | 'LECTERN_ROLES'>;
}

/** URLs at which other machines on the network reach this one. */
function networkUrls(url: string): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => url.replace('localhost', address));
}

/** What the start prints. */
export function announcement({ url, setupUrl, ports, config }: Announced): string {
  const { LECTERN_ROLES: roles } = config;
  const firstAccount = setupUrl ? [``, `  Create the first account (this link works once):`, `  ${setupUrl}`] : [];
  if (!hasAllRoles(roles)) return [`Lectern is running: ${[...roles].join(', ')}, at ${url}.`, ...firstAccount].join('\n');
  const pages = config.LECTERN_PUBLIC_URL ?? url;
  const lines = [`Lectern is running.`, ``, `  Pages    ${pages}`];
  if (config.LECTERN_HTTP_LISTEN_ADDRESS === '0.0.0.0') lines.push(...networkUrls(url).map((address) => `           ${address}`));
  lines.push(`  OBS      ${encoderServerUrl(new URL(pages).hostname, ports)}`);
  lines.push(`  Data     ${path.resolve(config.LECTERN_DATA_DIR)}`);
  lines.push(...firstAccount);
  if (pages.startsWith('http:')) {
    lines.push(``, `  Browsers allow camera and microphone on secure pages only. On this machine, localhost counts as secure;`, `  for other machines set LECTERN_TLS_CERT and LECTERN_TLS_KEY, or use an HTTPS proxy and set LECTERN_PUBLIC_URL.`);
  }
  return lines.join('\n');
}
