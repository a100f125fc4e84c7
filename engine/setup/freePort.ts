import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that Linux gives to outgoing connections (ip_local_port_range begins at 32768), so that none of those takes it while a server restarts. */
const [lowest, highest] = [16_000, 32_000];
const triesBeforeGivingUp = 100;

/** What this process has chosen, and may not listen on yet. */
const chosen = new Set<number>();

/**
 * The first of `count` consecutive ports that are free for TCP and UDP. A process never gets the same one twice. Chosen at random:
 * other processes look for some at the same time.
 */
export async function freePort(count = 1): Promise<string> {
  for (let tries = 0; tries < triesBeforeGivingUp; tries += 1) {
    const first = lowest + Math.floor(Math.random() * (highest - lowest - count));
    const ports = Array.from({ length: count }, (_, index) => first + index);
    if (!(await areFree(ports))) continue;
    for (const port of ports) chosen.add(port);
    return String(first);
  }
  throw new Error(`no free port between ${lowest} and ${highest}`);
}

async function areFree(ports: readonly number[]): Promise<boolean> {
  for (const port of ports) {
    if (chosen.has(port) || !(await isFreeForTcp(port)) || !(await isFreeForUdp(port))) return false;
  }
  return true;
}

async function isFreeForTcp(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '0.0.0.0');
    await once(server, 'listening');
  } catch {
    return false;
  }
  await new Promise((resolve) => server.close(resolve));
  return true;
}

async function isFreeForUdp(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  try {
    socket.bind(port, '0.0.0.0');
    await once(socket, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}
