import { readdirSync, readFileSync } from 'node:fs';

/**
 * True when a thread of the process is runnable (state R) or waits for the disk (state D), by proc_pid_stat(5). False when
 * all threads sleep or are stopped, and when there is no such process. Undefined on systems other than Linux.
 */
export function isProcessBusy(pid: number): boolean | undefined {
  if (process.platform !== 'linux') return undefined;
  const threads = `/proc/${pid}/task`;
  try {
    return readdirSync(threads).some((thread) => isThreadBusy(`${threads}/${thread}/stat`));
  } catch {
    return false;
  }
}

function isThreadBusy(statFile: string): boolean {
  try {
    const stat = readFileSync(statFile, 'utf8');
    // The state follows the command name, which is in parentheses and may itself contain them.
    return /^ [RD]/.test(stat.slice(stat.lastIndexOf(')') + 1));
  } catch {
    return false;
  }
}
