import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { freePort } from './freePort.ts';

it('is another port each time', async () => {
  const ports = [];
  for (let count = 0; count < 40; count += 1) ports.push(await freePort());
  expect(new Set(ports).size).toBe(40);
});

it('begins a row of ports that can all be listened on', async () => {
  const first = Number(await freePort(3));
  for (const port of [first, first + 1, first + 2]) {
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
  }
});
