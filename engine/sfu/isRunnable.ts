import { readFileSync } from 'node:fs';

/** proc(5): R runs or waits for a core, D waits for the disk. Elsewhere than on Linux nobody knows. */
export function isRunnable(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return /^ [RD]/.test(stat.slice(stat.lastIndexOf(')') + 1));
  } catch {
    return false;
  }
}
