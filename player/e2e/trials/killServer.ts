import { watch } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { KillMoment } from './killPlan.ts';
import { trialSize } from './trialSize.ts';

export interface Target {
  pid: number;
  /** Where the segments of the picture lie until they are stored. */
  spoolFolder: string;
  random: () => number;
}

const longestWaitMs = trialSize({ short: 3000, long: 6000 });
const longestUploadMs = 25;
const seenWithinMs = 20_000;

/** Kills a server whose lecture flows at a moment of that kind; says when that was. */
export async function strike(moment: KillMoment, { pid, spoolFolder, random }: Target): Promise<number> {
  await pause(random() * longestWaitMs);
  if (moment === 'writing') await fileIn(spoolFolder, random() < 0.5 ? /\.m4s\.draft$/ : /\.m4s$/);
  if (moment === 'uploading') {
    await fileIn(spoolFolder, /\.m4s$/);
    await pause(random() * longestUploadMs);
  }
  return kill(pid);
}

export function kill(pid: number): number {
  process.kill(pid, 'SIGKILL');
  return Date.now();
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Resolves in the moment in which a file of that name comes or goes. */
async function fileIn(folder: string, name: RegExp): Promise<void> {
  await mkdir(folder, { recursive: true });
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => finish(() => reject(new Error(`no file like ${name.source} was written in ${folder}`))), seenWithinMs);
    const watcher = watch(path.resolve(folder), (_event, file) => file !== null && name.test(file) && finish(resolve));
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      watcher.close();
      settle();
    };
  });
}
