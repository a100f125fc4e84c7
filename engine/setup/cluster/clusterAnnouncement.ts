import type { LocalCluster } from './LocalCluster.ts';

/** What the launcher prints when everything is ready. */
export function clusterAnnouncement({ url, encoderUrl, setupUrl, nodes, backing, proxy }: Pick<LocalCluster, 'url' | 'encoderUrl' | 'setupUrl' | 'nodes' | 'backing' | 'proxy'>, folder: string): string {
  const servers = [
    ...nodes.map(({ name, role, address, process }) => {
      const media = role === 'live' ? `, RTMP ${address.rtmpPort}, WebRTC ${address.rtcPort}` : '';
      return [name, `http://${address.host}:${address.httpPort}${media}`, String(process.pid)];
    }),
    ...backing.map(({ name, url: address, process }) => [name, address, process ? String(process.pid) : 'was running']),
    ['nginx', url, String(proxy?.pid)],
  ] as [string, string, string][];
  const [nameWidth, addressWidth] = [0, 1].map((column) => Math.max(...servers.map((row) => (row[column] ?? '').length))) as [number, number];
  const lines = [`The cluster is running.`, ``, `  Pages    ${url}`, `  OBS      ${encoderUrl}`, `  Data     ${folder}`, ``];
  for (const [name, address, pid] of servers) lines.push(`  ${name.padEnd(nameWidth)}   ${address.padEnd(addressWidth)}   ${/^\d/.test(pid) ? 'pid ' : ''}${pid}`);
  if (setupUrl) lines.push(``, `  Create the first account (this link works once):`, `  ${setupUrl}`);
  lines.push(``, `  Ctrl-C stops everything.`);
  return lines.join('\n');
}
