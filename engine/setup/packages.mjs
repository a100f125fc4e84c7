import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { isInstalledAs } from './installedPackages.mjs';
import { SetupProblem, runLogged } from './progress.mjs';
import { filesBelow, readStamp, stampOf, writeStamp } from './stamps.mjs';
import { cacheFolder } from './workerPath.mjs';

const installTimeoutMs = 15 * 60_000;
const stampFile = 'node_modules/.lectern-lock';

/** The npm packages of package-lock.json. One of them is the Node that Lectern runs on. */
export const packages = {
  missing({ root }) {
    if (!existsSync(join(root, 'node_modules'))) return 'installing the npm packages';
    if (readStamp(join(root, stampFile)) === lockStamp(root)) return undefined;
    if (!wasInstalledByHand(root)) return 'installing the npm packages, as package-lock.json has changed';
    writeStamp(join(root, stampFile), lockStamp(root));
    return undefined;
  },

  async provide({ root, env }) {
    await runLogged('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--foreground-scripts', '--loglevel=warn'], {
      name: 'npm ci',
      log: join(cacheFolder(env), 'npm-ci.log'),
      cwd: root,
      // Any value keeps mediasoup's install script from downloading or building a worker, which is another step.
      env: { ...env, MEDIASOUP_WORKER_BIN: 'provided-by-lectern', NODE_ENV: 'development' },
      timeoutMs: installTimeoutMs,
    });
    checkNode(root);
    writeStamp(join(root, stampFile), lockStamp(root));
  },
};

function lockStamp(root) {
  return stampOf(filesBelow(root, ['package-lock.json']));
}

function wasInstalledByHand(root) {
  const written = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(written)) return false;
  const parse = (path) => JSON.parse(readFileSync(path, 'utf8'));
  return isInstalledAs(parse(join(root, 'package-lock.json')), parse(written));
}

function checkNode(root) {
  const wanted = JSON.parse(readFileSync(join(root, 'node_modules/node/package.json'), 'utf8')).version;
  const path = join(root, 'node_modules/.bin/node');
  let found;
  try {
    found = execFileSync(path, ['--version'], { encoding: 'utf8' }).trim();
  } catch (error) {
    throw new SetupProblem(
      `The npm package "node" has installed no Node that runs here (${path}: ${error.message.split('\n')[0]}). ` +
        'Its install script has to run: check that npm does not ignore scripts.',
    );
  }
  if (found !== `v${wanted}`) throw new SetupProblem(`${path} is Node ${found}, but package-lock.json requires v${wanted}.`);
}
