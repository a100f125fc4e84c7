import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { findWorkerBinary } from './workerBinary.ts';
import { cachedWorkerPath } from './workerPath.mjs';

describe('the media worker to run', () => {
  let cache: string;

  beforeEach(async () => {
    cache = await mkdtemp(join(tmpdir(), 'lectern-cache-'));
  });

  afterEach(() => rm(cache, { recursive: true, force: true }));

  it('is the one of MEDIASOUP_WORKER_BIN', () => {
    expect(findWorkerBinary({ MEDIASOUP_WORKER_BIN: '/opt/worker', XDG_CACHE_HOME: cache })).toBe('/opt/worker');
  });

  it('is the one in the cache', async () => {
    const path = cachedWorkerPath({ XDG_CACHE_HOME: cache }, process.cwd());
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, '');
    expect(findWorkerBinary({ XDG_CACHE_HOME: cache })).toBe(path);
  });

  it('is undefined when there is neither', () => {
    expect(findWorkerBinary({ XDG_CACHE_HOME: cache })).toBeUndefined();
  });
});
