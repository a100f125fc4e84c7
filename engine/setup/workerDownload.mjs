import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { execFileSync } from 'node:child_process';
import { run, say } from './progress.mjs';
import { mediasoupVersion } from './workerPath.mjs';

// An address nobody answers costs this much and no more.
const answerTimeoutMs = 10_000;
const downloadTimeoutMs = 90_000;

/**
 * Lets mediasoup's own install script fetch its prebuilt worker; answers where it lies, or undefined.
 * The script does not limit its time, so the address is tried first.
 */
export async function downloadWorker({ root, env, log }) {
  const folder = join(root, 'node_modules/mediasoup');
  const path = join(folder, 'worker/out/Release/mediasoup-worker');
  if (existsSync(path)) return path;
  if (env.MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD) return undefined;
  const url = prebuiltUrl(folder, { root, env });
  const problem = await answers(url);
  if (problem) {
    say(`no prebuilt media worker from ${new URL(url).host} (${problem})`);
    return undefined;
  }
  const node = join(root, 'node_modules/.bin/node');
  // With no Python that works, the script stops where it would go on to build a worker from the network.
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

async function answers(url) {
  try {
    const response = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(answerTimeoutMs) });
    // Some stores refuse HEAD and would answer GET; that there is nothing is a plain answer.
    return response.status === 404 ? 'status 404' : undefined;
  } catch (error) {
    return error.cause?.code ?? error.name;
  }
}
