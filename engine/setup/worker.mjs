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
// What the worker answers when it is started without a parent (its main.cpp).
const startedAlone = 41;

/** The media worker: one that is named, one in the cache, mediasoup's prebuilt one, or one built here. */
export const worker = {
  missing({ root, env }) {
    if (env.MEDIASOUP_WORKER_BIN) return runs(env.MEDIASOUP_WORKER_BIN) ? undefined : 'MEDIASOUP_WORKER_BIN does not run';
    const path = cachedWorkerPath(env, root);
    return runs(path) && isCurrent(path) ? undefined : 'getting the media worker';
  },

  async provide({ root, env }) {
    if (env.MEDIASOUP_WORKER_BIN) {
      throw new SetupProblem(`MEDIASOUP_WORKER_BIN=${env.MEDIASOUP_WORKER_BIN} is no media worker that runs here.`);
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
    why: 'No prebuilt media worker could be had for this machine, and building one needs some packages.',
    elsewhere: 'Let GitHub be reached for mediasoup\'s prebuilt worker, or name a worker in MEDIASOUP_WORKER_BIN.',
  });
  say(`building the media worker: about 4 minutes on 2 cores, once per machine (log: ${log})`);
  const folder = mkdtempSync(join(os.tmpdir(), 'lectern-worker-'));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', removeFolder);
  try {
    copyWorkerSource(join(root, 'node_modules/mediasoup/worker'), join(folder, 'source'));
    const built = await compile(folder, { env, log });
    if (!runs(built)) throw new SetupProblem(`the media worker was built, but does not run (log: ${log})`);
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

// Copied beside its place and renamed, so that nobody ever finds half a worker.
function keep(built, path, origin) {
  mkdirSync(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  copyFileSync(built, unfinished);
  chmodSync(unfinished, 0o755);
  writeStamp(originFile(path), origin);
  renameSync(unfinished, path);
}

// A worker built by an older recipe is built again; a downloaded one has no recipe.
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
