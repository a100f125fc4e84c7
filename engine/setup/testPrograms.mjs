// Programs that only tests, benches and the cluster use are unpacked from their Debian packages into the cache: nothing is installed,
// and no service is started. On other systems the tests run without them, and say so.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { isDebian, updatePackageLists } from './debian.mjs';
import { runLogged, say, SetupProblem } from './progress.mjs';
import { cacheFolder } from './workerPath.mjs';

const downloadTimeoutMs = 2 * 60_000;

/** A wall clock that can be set, for one process. */
export const faketime = unpacked({ packageName: 'libfaketime', whatFor: 'a clock that tests can set', find: findFaketime });

/** A server to compare the serving of segments with, and the reverse proxy of the cluster. */
export const nginx = unpacked({ packageName: 'nginx', whatFor: 'a web server to compare with and a reverse proxy', find: findNginx });

/** What nginx needs to pass RTMP on; Debian has it in a package of its own. */
export const nginxStream = unpacked({ packageName: 'libnginx-mod-stream', whatFor: "nginx's proxy for RTMP", find: findNginxStream });

/** The library that gives a process another wall clock; undefined where it is not available. */
export function findFaketime(env) {
  const folders = ['/usr/lib', join(unpackedFolder(env, 'libfaketime'), 'usr/lib')].filter((folder) => existsSync(folder));
  // Debian keeps libraries in a folder named after the architecture.
  const files = folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name, 'faketime', 'libfaketimeMT.so.1')));
  return files.find((file) => existsSync(file));
}

export function findNginx(env) {
  const inPath = (env.PATH ?? '').split(delimiter).filter(Boolean);
  const folders = [...inPath, '/usr/sbin', join(unpackedFolder(env, 'nginx'), 'usr/sbin')];
  return folders.map((folder) => join(folder, 'nginx')).find((file) => existsSync(file));
}

/** The module `stream` of Debian's nginx; undefined where it is not available. */
export function findNginxStream(env) {
  const folders = ['/usr/lib', join(unpackedFolder(env, 'libnginx-mod-stream'), 'usr/lib')];
  return folders.map((folder) => join(folder, 'nginx/modules/ngx_stream_module.so')).find((file) => existsSync(file));
}

function unpackedFolder(env, packageName) {
  return join(cacheFolder(env), 'borrowed', packageName);
}

/** An optional step of the set-up: its failure is only reported. */
function unpacked({ packageName, whatFor, find }) {
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
  const target = unpackedFolder(env, packageName);
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

/** Another set-up may have done so meanwhile. */
function putInPlace(folder, target) {
  try {
    renameSync(folder, target);
  } catch (error) {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  }
}

/** A fresh system has no package lists, and outdated ones name files that no longer exist. */
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
