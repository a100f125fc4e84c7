import { readdirSync, readFileSync } from 'node:fs';

/**
 * One of the process's threads runs or waits for a core (R) or for the disk (D), by proc(5). Undefined elsewhere than on
 * Linux, where nobody knows.
 */
export function isProcessBusy(pid: number): boolean | undefined {
  if (process.platform !== 'linux') return undefined;
  const tasks = `/proc/${pid}/task`;
  try {
    return readdirSync(tasks).some((thread) => isRunnable(`${tasks}/${thread}/stat`));
  } catch {
    return false;
  }
}

function isRunnable(file: string): boolean {
  try {
    const stat = readFileSync(file, 'utf8');
    return /^ [RD]/.test(stat.slice(stat.lastIndexOf(')') + 1));
  } catch {
    return false;
  }
}
