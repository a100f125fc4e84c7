import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

const program = path.join(import.meta.dirname, '..', 'testing', 'serveWithFewFiles.ts');

it('four hundred idle connections leave a server with 300 file descriptors able to respond and to open files', async () => {
  const server = spawn('sh', ['-c', `ulimit -n 300; exec "${process.execPath}" "${program}"`], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void server.kill());
  const port = Number(String((await once(server.stdout, 'data'))[0]));
  const idle = Array.from({ length: 400 }, () => net.connect(port, '127.0.0.1').on('error', () => undefined));
  onTestFinished(() => idle.forEach((socket) => socket.destroy()));
  await Promise.all(idle.map((socket) => new Promise((resolve) => socket.once('connect', resolve).once('close', resolve))));
  for (let request = 0; request < 3; request += 1) expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('64');
});
