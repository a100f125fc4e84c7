// Loaded before a server by `node --import`: every flush of its database takes 100 ms, as on a disk that is busy or far away.
import { beforeCommits, blockThread } from './slowCommits.ts';

const flushMs = 100;

beforeCommits(() => blockThread(flushMs));
