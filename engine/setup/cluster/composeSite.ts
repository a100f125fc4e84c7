// The cluster in the containers of docker-compose.yml: the same processes and the same proxy as on one machine. Each container has an
// address of its own, so all of them use the usual ports; only the ports for media are published, and differ.
import { nodesOf, nodeSettings, usualCounts } from './clusterNodes.ts';
import type { ClusterNode } from './clusterNodes.ts';
import { nginxConfig } from './nginxConfig.ts';

const [httpPort, rtmpPort] = ['8080', '1935'];
const firstRtcPort = 40_000;
const rtcWorkers = 2;
/** The networks of Docker are in the private ranges. */
const proxy = { network: 'uniquelocal', rtmpPort };
/** Docker's name server: a container that starts again may have another address. */
const resolver = '127.0.0.11';

/** The names of the services that are processes of Lectern, and the settings that differ between them. */
export function composeNodes(): (ClusterNode & { settings: Record<string, string> })[] {
  const nodes = nodesOf(usualCounts);
  const lives = nodes.filter(({ role }) => role === 'live');
  return nodes.map((node) => {
    const rtcPort = String(firstRtcPort + lives.indexOf(node) * rtcWorkers);
    return { ...node, settings: nodeSettings(node, { host: node.name, httpPort, rtmpPort, rtcPort, rtcWorkers: String(rtcWorkers) }, proxy) };
  });
}

/** The configuration of the service `proxy`. */
export function composeProxyConfig(): string {
  return nginxConfig({
    listenHttp: httpPort,
    listenRtmp: rtmpPort,
    nodes: nodesOf(usualCounts).map(({ name, role }) => ({ name, role, http: `${name}:${httpPort}`, ...(role === 'live' && { rtmp: `${name}:${rtmpPort}` }) })),
    folder: '/tmp',
    resolver,
  });
}
