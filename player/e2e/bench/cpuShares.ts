import { readdirSync, readFileSync } from 'node:fs';
import { processTree } from '#engine/testing';

/** CPU seconds that the parts of Lectern have used so far. */
export interface CpuSeconds {
  node: number;
  workers: number;
  ffmpeg: number;
}

export function cpuOf(pid: number): CpuSeconds {
  const used: CpuSeconds = { node: 0, workers: 0, ffmpeg: 0 };
  for (const process of processTree(pid)) {
    if (process.pid === pid) used.node += preciseCpuSeconds(process.pid);
    else if (process.command.startsWith('mediasoup')) used.workers += preciseCpuSeconds(process.pid);
    else used.ffmpeg += process.cpuSeconds;
  }
  return used;
}

/** The kernel counts the CPU time of each thread in nanoseconds (/proc/pid/task/tid/schedstat, first field). */
export function preciseCpuSeconds(pid: number): number {
  let nanoseconds = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    nanoseconds += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
  }
  return nanoseconds / 1e9;
}

/** Resident memory of Lectern's own processes, in MB. */
export function memoryOf(pid: number): { node: number; workers: number } {
  const tree = processTree(pid);
  const workers = tree.filter(({ command }) => command.startsWith('mediasoup'));
  return { node: tree[0]?.residentMb ?? NaN, workers: workers.reduce((sum, { residentMb }) => sum + residentMb, 0) };
}

/** Seconds for which the cores of the machine were busy since it started, in total (proc(5), the first line of /proc/stat). */
export function busySecondsOfMachine(): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '').split(/\s+/).slice(1).map(Number);
  return (user + nice + system + irq + softirq) / 100;
}
