// The program of the database's thread, with troubles that files beside the database bring: `….held` holds each commit, `….ended` ends
// the thread in the middle of one, and `….unopened` ends it before the file is opened.
import { existsSync, rmSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { beforeCommits, blockThread } from './slowCommits.ts';

const { path } = workerData as { path: string };
const pollMs = 5;

if (existsSync(`${path}.unopened`)) throw new Error('the thread does not start');
beforeCommits(() => {
  while (existsSync(`${path}.held`)) blockThread(pollMs);
  if (!existsSync(`${path}.ended`)) return;
  rmSync(`${path}.ended`);
  process.exit(3);
});
await import('../thread.ts');
