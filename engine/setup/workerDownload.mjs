import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { execFileSync } from 'node:child_process';
import { run, say } from './progress.mjs';
import { mediasoupVersion } from './workerPath.mjs';

// For an address that does not respond.
const responseTimeoutMs = 10_000;
const downloadTimeoutMs = 90_000;

/**
 * Runs mediasoup's install script, which downloads a prebuilt worker; returns its path, or undefined.
 * The script has no timeout, so the address is tried first.
 */
export async function downloadWorker({ root, env, log }) {
  const folder = join(root, 'node_modules/mediasoup');
  const path = join(folder, 'worker/out/Release/mediasoup-worker');
  if (existsSync(path)) return path;
  if (env.MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD) return undefined;
  const url = prebuiltUrl(folder, { root, env });
  const problem = await problemOf(url);
  if (problem) {
    say(`no prebuilt media worker from ${new URL(url).host} (${problem})`);
    return undefined;
  }
  const node = join(root, 'node_modules/.bin/node');
  // Without a working Python the script stops before it builds a worker from sources on the network.
  const status = await run(node, ['npm-scripts.mjs', 'postinstall'], {
    name: 'downloading the media worker',
    log,
    cwd: folder,
    env: { ...env, PYTHON: 'false' },
    timeoutMs: downloadTimeoutMs,
    progressOf: () => undefined,
  });
  return status === 0 && existsSync(path) ? path : undefined;
}

function prebuiltUrl(folder, { root, env }) {
  const node = join(root, 'node_modules/.bin/node');
  const output = execFileSync(node, ['npm-scripts.mjs', 'worker:prebuild-name'], { cwd: folder, env, encoding: 'utf8' });
  const name = /workerPrebuildTarName:([^\]\s]+)\]/.exec(output)?.[1];
  const base =
    env.MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL || 'https://github.com/versatica/mediasoup/releases/download';
  return `${base}/${mediasoupVersion(root)}/${name}`;
}

async function problemOf(url) {
  try {
    const response = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(responseTimeoutMs) });
    // Some stores refuse HEAD and accept GET. A 404 is certain.
    return response.status === 404 ? 'status 404' : undefined;
  } catch (error) {
    return error.cause?.code ?? error.name;
  }
}
