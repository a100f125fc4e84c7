import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import * as os from 'node:os';
import { dirname, join } from 'node:path';

import { installPackages } from './debian.mjs';
import { SetupProblem, runLogged, say } from './progress.mjs';
import { readStamp, writeStamp } from './stamps.mjs';
import { downloadWorker } from './workerDownload.mjs';
import { cachedWorkerPath, cacheFolder } from './workerPath.mjs';
import { buildPackages, copyWorkerSource, recipeStamp } from './workerSource.mjs';

const buildTimeoutMs = 40 * 60_000;
// The exit status of a worker that is started without a parent (its main.cpp).
const startedAlone = 41;

/** The media worker: the one of MEDIASOUP_WORKER_BIN, the cached one, mediasoup's prebuilt one, or one built here. */
export const worker = {
  missing({ root, env }) {
    if (env.MEDIASOUP_WORKER_BIN) return runs(env.MEDIASOUP_WORKER_BIN) ? undefined : 'MEDIASOUP_WORKER_BIN does not run';
    const path = cachedWorkerPath(env, root);
    return runs(path) && isCurrent(path) ? undefined : 'getting the media worker';
  },

  async provide({ root, env }) {
    if (env.MEDIASOUP_WORKER_BIN) {
      throw new SetupProblem(`MEDIASOUP_WORKER_BIN=${env.MEDIASOUP_WORKER_BIN} is not a media worker that runs here.`);
    }
    const log = join(cacheFolder(env), 'mediasoup-worker.log');
    const downloaded = await downloadWorker({ root, env, log });
    if (downloaded && runs(downloaded)) return keep(downloaded, cachedWorkerPath(env, root), 'downloaded');
    await build({ root, env, log });
  },
};

async function build({ root, env, log }) {
  await installPackages(buildPackages, {
    env,
    why: 'There is no prebuilt media worker for this machine. Building one needs some packages.',
    elsewhere: 'Allow access to GitHub for mediasoup\'s prebuilt worker, or set MEDIASOUP_WORKER_BIN.',
  });
  say(`building the media worker: about 4 minutes on 2 cores, once per machine (log: ${log})`);
  const folder = mkdtempSync(join(os.tmpdir(), 'lectern-worker-'));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', removeFolder);
  try {
    copyWorkerSource(join(root, 'node_modules/mediasoup/worker'), join(folder, 'source'));
    const built = await compile(folder, { env, log });
    if (!runs(built)) throw new SetupProblem(`The media worker was built, but does not run (log: ${log}).`);
    keep(built, cachedWorkerPath(env, root), recipeStamp());
  } finally {
    process.off('exit', removeFolder);
    removeFolder();
  }
}

async function compile(folder, { env, log }) {
  const options = { log, cwd: folder, env, timeoutMs: buildTimeoutMs, progressOf: (line) => /^\[\d+\/\d+\]/.exec(line)?.[0] };
  const flags = ['--buildtype=release', '-Db_ndebug=true', '--wrap-mode=nodownload'];
  await runLogged('meson', ['setup', ...flags, 'out', 'source'], { ...options, name: 'meson setup' });
  const jobs = String(os.availableParallelism?.() ?? os.cpus().length);
  await runLogged('ninja', ['-C', 'out', '-j', jobs, 'mediasoup-worker'], { ...options, name: 'media worker' });
  return join(folder, 'out/mediasoup-worker');
}

// Copied to a temporary name and renamed, so that the worker is always complete.
function keep(built, path, origin) {
  mkdirSync(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  copyFileSync(built, unfinished);
  chmodSync(unfinished, 0o755);
  writeStamp(originFile(path), origin);
  renameSync(unfinished, path);
}

// A worker that an older recipe built is rebuilt; a downloaded one has no recipe.
function isCurrent(path) {
  const origin = readStamp(originFile(path));
  return origin === 'downloaded' || origin === recipeStamp();
}

function originFile(path) {
  return `${path}.origin`;
}

function runs(path) {
  return existsSync(path) && spawnSync(path, { env: {}, stdio: 'ignore' }).status === startedAlone;
}
