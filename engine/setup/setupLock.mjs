import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { say } from './progress.mjs';
import { cacheFolder } from './workerPath.mjs';

const retryMs = 500;

/** One set-up at a time for each user: two would overwrite each other's files. */
export function setupLock(env) {
  const folder = cacheFolder(env);
  const path = join(folder, 'setup.lock');
  let isHeld = false;
  const release = () => {
    if (isHeld) rmSync(path, { force: true });
    isHeld = false;
  };
  const releaseAndStop = (signal) => {
    release();
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  return {
    async take() {
      if (isHeld) return;
      mkdirSync(folder, { recursive: true });
      let hasSaid = false;
      while (!tryTake(path)) {
        if (!hasSaid) say(`another set-up (process ${holder(path) ?? '?'}) is running; waiting (${path})`);
        hasSaid = true;
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
      isHeld = true;
      process.once('SIGINT', releaseAndStop);
      process.once('SIGTERM', releaseAndStop);
    },
    release,
  };
}

function tryTake(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  // The file of a holder that was killed is removed; the next attempt may take the lock.
  const pid = holder(path);
  if (pid !== undefined && !isRunning(pid)) rmSync(path, { force: true });
  return false;
}

// In a restarted container, an earlier process may have had the id of this one.
function isRunning(pid) {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function holder(path) {
  try {
    return Number(readFileSync(path, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}
