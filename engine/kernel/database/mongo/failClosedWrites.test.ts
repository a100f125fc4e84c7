import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { writeOrFail } from './failClosedWrites.ts';

const command = { toBin: () => Promise.resolve([new Uint8Array(16)]) };
const options = { agreedCompressor: 'none' };

async function connectedPair() {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const accepted = once(server, 'connection');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [[peer]] = await Promise.all([accepted, once(socket, 'connect')]);
  onTestFinished(() => void socket.destroy());
  return { socket, peer: peer as typeof socket };
}

it('writes a command to an open connection', async () => {
  const { socket, peer } = await connectedPair();
  await writeOrFail.call({ socket }, command, options);
  const [received] = await once(peer, 'data');
  expect(received).toHaveLength(16);
});

it('fails when the socket is closed while the driver still takes it for open', async () => {
  const { socket } = await connectedPair();
  socket.destroy();
  await expect(writeOrFail.call({ socket }, command, options)).rejects.toThrow('closed before the command was written');
  await expect(writeOrFail.call({ socket }, command, options), 'after the event').rejects.toThrow('closed before the command was written');
});
