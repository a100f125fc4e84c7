import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts CPU time in hundredths of a second (`getconf CLK_TCK`). */
const ticksPerSecond = 100;

export interface ProcessUse {
  pid: number;
  command: string;
  cpuSeconds: number;
  residentMb: number;
  handles: number;
}

/** What a process and its descendants use now, the process itself first (Linux: from /proc). */
export function processTree(pid: number): ProcessUse[] {
  const children = childrenByParent();
  const found: ProcessUse[] = [];
  const queue = [pid];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const use = useOf(next);
    if (use) found.push(use);
    queue.push(...(children.get(next) ?? []));
  }
  return found;
}

export function totalCpuSeconds(tree: readonly ProcessUse[]): number {
  return tree.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
}

export function totalResidentMb(tree: readonly ProcessUse[]): number {
  return tree.reduce((sum, { residentMb }) => sum + residentMb, 0);
}

function childrenByParent(): Map<number, number[]> {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const parent = Number(statOf(name)?.fields[1]);
    if (Number.isInteger(parent)) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  return children;
}

function useOf(pid: number): ProcessUse | undefined {
  const stat = statOf(String(pid));
  const status = readIfThere(`/proc/${pid}/status`);
  if (!stat || status === undefined) return undefined;
  const residentKb = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  const cpuSeconds = (Number(stat.fields[11]) + Number(stat.fields[12])) / ticksPerSecond;
  return { pid, command: stat.command, cpuSeconds, residentMb: residentKb / 1024, handles: handlesOf(pid) };
}

/** `fields` begin with the state, the third field of proc(5): the command before it may contain spaces. */
function statOf(name: string): { command: string; fields: string[] } | undefined {
  const text = /^\d+$/.test(name) ? readIfThere(`/proc/${name}/stat`) : undefined;
  if (text === undefined) return undefined;
  const end = text.lastIndexOf(')');
  return { command: text.slice(text.indexOf('(') + 1, end), fields: text.slice(end + 2).split(' ') };
}

function handlesOf(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch (err) {
    if (isGone(err)) return 0;
    throw err;
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (err) {
    if (isGone(err)) return undefined;
    throw err;
  }
}

/** The process ended while it was read. */
function isGone(err: unknown): boolean {
  return ['ENOENT', 'ESRCH'].includes((err as NodeJS.ErrnoException).code ?? '');
}
