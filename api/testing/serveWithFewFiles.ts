// A web server for limitConnections.integration.test.ts, which limits the file descriptors of this process. Each request opens
// files, as a recording does, and answers how many it could open.
import { open } from 'node:fs/promises';
import { createLogger } from '#engine/kernel';
import { connectionLimit, createServer, limitConnections, listen, openFileLimit } from '../http/index.ts';
import { serverTimeouts } from '../limits.ts';

const filesPerRequest = 64;
const logger = createLogger({ level: 'error', destination: process.stderr });

const server = await createServer({
  listener: (_request, response) => {
    void Promise.allSettled(Array.from({ length: filesPerRequest }, () => open(import.meta.filename))).then(async (outcomes) => {
      const opened = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
      await Promise.all(opened.map((file) => file.close()));
      response.end(String(opened.length));
    });
  },
  tls: undefined,
  timeouts: serverTimeouts,
  logger,
  webSocketPath: '/socket.io',
});
limitConnections(server, { maxConnections: connectionLimit(openFileLimit()), logger });
process.stdout.write(`${await listen(server, { port: 0, address: '127.0.0.1' })}\n`);
