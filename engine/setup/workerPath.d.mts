type Environment = Readonly<Record<string, string | undefined>>;

/** `$XDG_CACHE_HOME/lectern`, or `~/.cache/lectern`. */
export function cacheFolder(env: Environment): string;

/** Where this machine's worker of the installed mediasoup belongs; whether it is there is another question. */
export function cachedWorkerPath(env: Environment, root: string): string;

export function workerFolderName(machine: {
  version: string;
  platform: string;
  arch: string;
  system: string;
  libraries: readonly string[];
}): string;

/** `debian12` out of the text of /etc/os-release. */
export function systemName(osRelease: string): string;

export function mediasoupVersion(root: string): string;
