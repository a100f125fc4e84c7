// Loaded before a server by `node --import`: its database cannot flush to the disk while there is a file `lectern.db.held` beside it.
import { existsSync } from 'node:fs';
import { isMainThread, workerData } from 'node:worker_threads';
import { beforeCommits, blockThread } from './slowCommits.ts';

const pollMs = 5;

if (!isMainThread) {
  const { path } = (workerData ?? {}) as { path?: string };
  beforeCommits(() => {
    while (existsSync(`${path ?? ''}.held`)) blockThread(pollMs);
  });
}
