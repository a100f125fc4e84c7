import { setTimeout as sleep } from 'node:timers/promises';
import { processTree, totalCpuSeconds, totalResidentMb } from '#engine/testing';

const windows = 6;
const windowMs = 10_000;

/** What a process and its children use, in several windows one after the other. */
export interface Use {
  /** CPU time per wall time. */
  cores: number[];
  residentMb: number[];
}

export async function measureUse(pid: number): Promise<Use> {
  const use: Use = { cores: [], residentMb: [] };
  for (let window = 0; window < windows; window += 1) {
    const [startedAt, cpuBefore] = [performance.now(), totalCpuSeconds(processTree(pid))];
    await sleep(windowMs);
    const tree = processTree(pid);
    use.cores.push((totalCpuSeconds(tree) - cpuBefore) / ((performance.now() - startedAt) / 1000));
    use.residentMb.push(totalResidentMb(tree));
  }
  return use;
}
