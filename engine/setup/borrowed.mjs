// What only tests and benches use is taken out of its Debian package into the cache: nothing is installed, no service
// begins to run. Where there is no Debian they go without it, and say so.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { isDebian, updatePackageLists } from './debian.mjs';
import { runLogged, say, SetupProblem } from './progress.mjs';
import { cacheFolder } from './workerPath.mjs';

const downloadTimeoutMs = 2 * 60_000;

/** A wall clock that can be set, for one process. */
export const faketime = borrowed({ packageName: 'libfaketime', whatFor: 'a clock that the tests set', find: findFaketime });

/** A server to measure the serving of segments beside. */
export const nginx = borrowed({ packageName: 'nginx', whatFor: 'a server to measure beside', find: findNginx });

/** The library that makes a process believe in another wall clock; undefined where it is not to be had. */
export function findFaketime(env) {
  const folders = ['/usr/lib', join(borrowedFolder(env, 'libfaketime'), 'usr/lib')].filter((folder) => existsSync(folder));
  // Debian keeps libraries in a folder named after the architecture.
  const files = folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name, 'faketime', 'libfaketimeMT.so.1')));
  return files.find((file) => existsSync(file));
}

export function findNginx(env) {
  const inPath = (env.PATH ?? '').split(delimiter).filter(Boolean);
  const folders = [...inPath, '/usr/sbin', join(borrowedFolder(env, 'nginx'), 'usr/sbin')];
  return folders.map((folder) => join(folder, 'nginx')).find((file) => existsSync(file));
}

function borrowedFolder(env, packageName) {
  return join(cacheFolder(env), 'borrowed', packageName);
}

/** A step of the set-up that nothing depends on: what goes wrong with it is said, and no more. */
function borrowed({ packageName, whatFor, find }) {
  return {
    missing({ env }) {
      return isDebian() && !find(env) ? `fetching ${packageName}, ${whatFor}` : undefined;
    },

    async provide({ env }) {
      try {
        await fetchPackage(packageName, env);
      } catch (error) {
        if (!(error instanceof SetupProblem)) throw error;
        say(`going on without ${packageName}: ${error.message}`);
      }
    },
  };
}

async function fetchPackage(packageName, env) {
  const target = borrowedFolder(env, packageName);
  mkdirSync(join(target, '..'), { recursive: true });
  const folder = mkdtempSync(`${target}.`);
  const options = { log: join(cacheFolder(env), `${packageName}.log`), env, timeoutMs: downloadTimeoutMs };
  try {
    await download(packageName, { ...options, cwd: folder });
    const [file = ''] = readdirSync(folder).filter((name) => name.endsWith('.deb'));
    await runLogged('dpkg-deb', ['-x', join(folder, file), join(folder, 'content')], { ...options, name: `unpacking ${packageName}` });
    putInPlace(join(folder, 'content'), target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Another set-up may have put it there meanwhile. */
function putInPlace(folder, target) {
  try {
    renameSync(folder, target);
  } catch (error) {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  }
}

/** A fresh system has no lists of packages, and old ones name files that are gone. */
async function download(packageName, options) {
  const attempt = () => runLogged('apt-get', ['download', packageName], { ...options, name: `apt-get download ${packageName}` });
  try {
    await attempt();
  } catch (error) {
    if (!(error instanceof SetupProblem) || process.getuid?.() !== 0) throw error;
    await updatePackageLists(options.env);
    await attempt();
  }
}
