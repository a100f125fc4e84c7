import * as limits from '../limits.ts';

export interface Command {
  command: string;
  args: readonly string[];
}

/** How far the operating system can confine a program. */
export type Confinement = 'linux' | 'none';

/**
 * Runs a program with the lowest priority for processor and disk, within a limit of memory, files and written bytes, and ends it
 * with this process. The programs are those of util-linux and coreutils; each one becomes the next, so the process id is
 * the program's own.
 */
export function confinedCommand({ command, args }: Command, { confinement, maxFileBytes }: { confinement: Confinement; maxFileBytes: number }): Command {
  if (confinement === 'none') return { command, args };
  const bounds = [`--as=${limits.maxToolMemoryBytes}`, `--nofile=${limits.maxToolFiles}`, `--fsize=${Math.ceil(maxFileBytes)}`, '--core=0'];
  // ionice -t: goes on where the kernel does not allow it, as in some containers.
  return { command: 'setpriv', args: ['--pdeathsig', 'KILL', 'prlimit', ...bounds, 'ionice', '-t', '-c', '3', 'nice', '-n', '19', command, ...args] };
}

/** What a program needs of the environment. Variables such as FFREPORT make ffmpeg write files. */
export function confinedEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { PATH, LD_LIBRARY_PATH } = environment;
  return { ...(PATH !== undefined && { PATH }), ...(LD_LIBRARY_PATH !== undefined && { LD_LIBRARY_PATH }), LC_ALL: 'C' };
}

/** ffprobe comes with ffmpeg and is in the same folder. */
export function ffprobeBeside(ffmpegPath: string): string {
  return ffmpegPath.replace(/ffmpeg(?=[^/\\]*$)/, 'ffprobe');
}
