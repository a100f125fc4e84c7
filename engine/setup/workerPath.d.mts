type Environment = Readonly<Record<string, string | undefined>>;

/** `$XDG_CACHE_HOME/lectern`, or `~/.cache/lectern`. */
export function cacheFolder(env: Environment): string;

/** The path of this machine's worker for the installed mediasoup, which may not exist. */
export function cachedWorkerPath(env: Environment, root: string): string;

export function workerFolderName(machine: {
  version: string;
  platform: string;
  arch: string;
  system: string;
  libraries: readonly string[];
}): string;

/** `debian12`, from the text of /etc/os-release. */
export function systemName(osRelease: string): string;

export function mediasoupVersion(root: string): string;
