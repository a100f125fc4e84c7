// The path of this machine's media worker (mediasoup-worker). Shared by the set-up, which installs it on any Node, and by
// the product, which runs it.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { homedir, release } from 'node:os';
import { join } from 'node:path';

const fileName = process.platform === 'win32' ? 'mediasoup-worker.exe' : 'mediasoup-worker';
const libraryFolders = ['/lib', '/usr/lib', '/lib64', '/usr/lib64'];
// The libraries whose version decides whether a worker that was built on one machine runs on another.
const decisiveLibrary = /^(ld-.*|libc\.so\.\d+|libc\.musl.*|libssl\.so\.\d[\d.]*)$/;

export function cacheFolder(env) {
  return join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache'), 'lectern');
}

export function workerFolderName({ version, platform, arch, system, libraries }) {
  const hash = createHash('sha256').update([...new Set(libraries)].sort().join('\n')).digest('hex');
  return `${version}-${platform}-${arch}-${system}-${hash.slice(0, 8)}`;
}

export function systemName(osRelease) {
  const field = (name) => new RegExp(`^${name}="?([^"\\n]*)"?$`, 'm').exec(osRelease)?.[1] ?? '';
  return `${field('ID')}${field('VERSION_ID')}`.replace(/[^\w.]/g, '') || 'unknown';
}

export function cachedWorkerPath(env, root) {
  const name = workerFolderName({
    version: mediasoupVersion(root),
    platform: process.platform,
    arch: process.arch,
    system: existsSync('/etc/os-release')
      ? systemName(readFileSync('/etc/os-release', 'utf8'))
      : release().split('.')[0],
    libraries: decisiveLibraries(),
  });
  return join(cacheFolder(env), 'mediasoup-worker', name, fileName);
}

export function mediasoupVersion(root) {
  return JSON.parse(readFileSync(join(root, 'node_modules/mediasoup/package.json'), 'utf8')).version;
}

// Debian has them in a subfolder named after the architecture.
function decisiveLibraries() {
  const arch = { x64: 'x86_64', arm64: 'aarch64', arm: 'arm' }[process.arch] ?? process.arch;
  const folders = libraryFolders.filter((folder) => existsSync(folder));
  const deeper = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.startsWith(`${arch}-linux`))
      .map((name) => join(folder, name)),
  );
  return [...folders, ...deeper].flatMap((folder) => readdirSync(folder)).filter((name) => decisiveLibrary.test(name));
}
