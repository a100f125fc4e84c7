import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { SetupProblem, runLogged, say } from './progress.mjs';
import { cacheFolder } from './workerPath.mjs';

const aptTimeoutMs = 15 * 60_000;
/** Another apt-get may be running, such as the automatic update of the machine. */
const lockTimeout = ['-o', 'DPkg::Lock::Timeout=300'];
let hasUpdated = false;

/** Whether this is Debian, Ubuntu or a derivative. */
export function isDebian() {
  const path = '/etc/os-release';
  return existsSync(path) && /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync(path, 'utf8'));
}

/** Those packages that are not installed. */
function missingPackages(names) {
  const isInstalled = (name) => {
    try {
      const status = execFileSync('dpkg-query', ['-W', '-f=${Status}', name], { stdio: ['ignore', 'pipe', 'ignore'] });
      return String(status).endsWith(' installed');
    } catch {
      return false;
    }
  };
  return names.filter((name) => !isInstalled(name));
}

/**
 * Installs Debian packages as root on Debian or Ubuntu. For other users it fails with the command to run, on other
 * systems with `elsewhere`.
 */
export async function installPackages(names, { env, why, elsewhere }) {
  if (!isDebian()) throw new SetupProblem(`${why}\n${elsewhere}`);
  const missing = missingPackages(names);
  if (missing.length === 0) return;
  const install = ['install', '-y', '--no-install-recommends', ...missing];
  if (process.getuid?.() !== 0) {
    const command = `sudo apt-get update && sudo apt-get ${install.join(' ')}`;
    throw new SetupProblem(`${why}\nRun this, then start again:\n\n  ${command}\n`);
  }
  say(`installing Debian packages: ${missing.join(' ')}`);
  await apt(install, env);
}

/** Once for each run of the set-up. */
export async function updatePackageLists(env) {
  if (hasUpdated) return;
  await runLogged('apt-get', [...lockTimeout, 'update'], { ...optionsOf(env), name: 'apt-get update' });
  hasUpdated = true;
}

async function apt(args, env) {
  await updatePackageLists(env);
  await runLogged('apt-get', [...lockTimeout, ...args], { ...optionsOf(env), name: 'apt-get install' });
}

function optionsOf(env) {
  return {
    log: join(cacheFolder(env), 'apt-get.log'),
    env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
    timeoutMs: aptTimeoutMs,
  };
}
