import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that Linux gives to outgoing connections (ip_local_port_range begins at 32768), so that none of those takes it while a server restarts. */
const [lowest, highest] = [16_000, 32_000];
const triesBeforeGivingUp = 100;

/** A port that is free for TCP and UDP. Chosen at random: other test processes look for one at the same time. */
export async function freePort(): Promise<string> {
  for (let tries = 0; tries < triesBeforeGivingUp; tries += 1) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest));
    if ((await isFreeForTcp(port)) && (await isFreeForUdp(port))) return String(port);
  }
  throw new Error(`no free port between ${lowest} and ${highest}`);
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
