// The processes of a site that is divided by roles, and what distinguishes their settings. `npm run cluster` starts them on this
// machine, docker-compose.yml in containers.
import { roles } from '../../kernel/roles.ts';
import type { Role } from '../../kernel/roles.ts';

export type NodeCounts = Record<Role, number>;

export const usualCounts: NodeCounts = { live: 2, api: 2, delivery: 2, worker: 1 };

/** One digit in the name of a process, and more than a machine can carry. */
const mostOfOneRole = 9;

export interface ClusterNode {
  /** `live-1` */
  name: string;
  role: Role;
}

export function nodesOf(counts: NodeCounts): ClusterNode[] {
  return roles.flatMap((role) => Array.from({ length: counts[role] }, (_, index) => ({ name: `${role}-${index + 1}`, role })));
}

/**
 * Reads `live=3,api=1`; roles that are not named keep their usual number.
 * @throws Error with a sentence for the person who typed it
 */
export function parseCounts(text: string): NodeCounts {
  const counts = { ...usualCounts };
  for (const entry of text.split(',')) {
    const [, name = '', count = ''] = /^\s*(\w+)=(\d+)\s*$/.exec(entry) ?? [];
    const role = roles.find((known) => known === name);
    if (!role || Number(count) < 1 || Number(count) > mostOfOneRole) {
      throw new Error(`--nodes ${text}: "${entry}" is not like live=2; there are ${roles.join(', ')}, each 1 to ${mostOfOneRole} times.`);
    }
    counts[role] = Number(count);
  }
  return counts;
}

/** Where a process listens. The ports for media are those of live processes only. */
export interface NodeAddress {
  /** At which the proxy and the other processes reach it. */
  host: string;
  httpPort: string;
  rtmpPort: string;
  /** The first of one port for each media worker. */
  rtcPort: string;
  rtcWorkers: string;
}

/** What the processes know of the proxy in front of them. */
export interface ProxyAddress {
  /** The network from which it connects, for LECTERN_TRUSTED_PROXIES. */
  network: string;
  /** The port to which encoders connect. */
  rtmpPort: string;
}

/** The path below which the proxy passes requests on to one live process, unchanged. */
export function nodePath({ name }: ClusterNode): string {
  return `/nodes/${name}/`;
}

/** The settings that differ between the processes of a site. */
export function nodeSettings(node: ClusterNode, address: NodeAddress, proxy: ProxyAddress): Record<string, string> {
  const settings = { LECTERN_ROLES: node.role, LECTERN_HTTP_PORT: address.httpPort, LECTERN_TRUSTED_PROXIES: proxy.network };
  if (node.role === 'live') {
    return {
      ...settings,
      LECTERN_SIGNALING_PATH: `${nodePath(node)}socket.io`,
      LECTERN_RTMP_PORT: address.rtmpPort,
      LECTERN_RTMP_ADDRESS: `${address.host}:${address.rtmpPort}`,
      LECTERN_RTC_PORT: address.rtcPort,
      LECTERN_RTC_WORKERS: address.rtcWorkers,
    };
  }
  // The pages show it to instructors.
  return node.role === 'api' ? { ...settings, LECTERN_RTMP_PORT: proxy.rtmpPort } : settings;
}
