import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { cachedWorkerPath } from './workerPath.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The media worker to run. When undefined, mediasoup looks in its own folder. */
export function findWorkerBinary(env: Readonly<Record<string, string | undefined>>): string | undefined {
  if (env['MEDIASOUP_WORKER_BIN']) return env['MEDIASOUP_WORKER_BIN'];
  const cached = cachedWorkerPath(env, root);
  return existsSync(cached) ? cached : undefined;
}
