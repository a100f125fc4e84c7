import { watch } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KillMoment } from './killPlan.ts';
import { trialSize } from './trialSize.ts';

export interface KillTarget {
  pid: number;
  /** Where the video segments are until they are stored. */
  spoolFolder: string;
  random: () => number;
}

const longestDelayMs = trialSize({ short: 2000, long: 6000 });
const longestUploadMs = 25;
const writtenWithinMs = 60_000;

/** Kills a server with a live lecture at a moment of that kind; returns the time of the kill. */
export async function killAt(moment: KillMoment, { pid, spoolFolder, random }: KillTarget): Promise<number> {
  await sleep(random() * longestDelayMs);
  if (moment === 'writing') await fileChange(spoolFolder, random() < 0.5 ? /\.m4s\.draft$/ : /\.m4s$/);
  if (moment === 'uploading') {
    await fileChange(spoolFolder, /\.m4s$/);
    await sleep(random() * longestUploadMs);
  }
  return kill(pid);
}

export function kill(pid: number): number {
  process.kill(pid, 'SIGKILL');
  return Date.now();
}

/** Resolves when a file of that name is created or removed. */
async function fileChange(folder: string, name: RegExp): Promise<void> {
  await mkdir(folder, { recursive: true });
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => finish(() => reject(new Error(`no file like ${name.source} was written in ${folder}`))), writtenWithinMs);
    const watcher = watch(path.resolve(folder), (_event, file) => file !== null && name.test(file) && finish(resolve));
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      watcher.close();
      settle();
    };
  });
}
