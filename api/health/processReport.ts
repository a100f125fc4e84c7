import { X509Certificate } from 'node:crypto';
import { readFile, statfs } from 'node:fs/promises';
import { toInstant } from '#engine/kernel';
import type { Clock } from '#engine/kernel';
import type { ProcessReport } from '../contract/index.ts';
import type { Readiness } from '../operation/Readiness.ts';

export interface OwnHealthOptions {
  clock: Clock;
  dataFolder: string;
  /** File of the certificate chain, if this process has one. */
  certificateFile: string | undefined;
  readiness: Pick<Readiness, 'report'>;
  /** The media workers of this process: `pid` is null while one is being restarted. Undefined without media. */
  workers?: (() => readonly { pid: number | null }[]) | undefined;
}

/** What this process measures of itself. */
export async function processReport({ clock, dataFolder, certificateFile, readiness, workers }: OwnHealthOptions): Promise<ProcessReport> {
  const [parts, disk, certificate] = await Promise.all([readiness.report(), diskOf(dataFolder), certificateOf(certificateFile)]);
  const all = workers?.();
  return {
    nowMs: clock.nowMs(),
    parts,
    disk,
    certificate,
    mediaWorkers: all ? { running: all.filter(({ pid }) => pid !== null).length, all: all.length } : null,
    memoryBytes: process.memoryUsage.rss(),
  };
}

async function diskOf(folder: string): Promise<ProcessReport['disk']> {
  try {
    const { bavail, blocks, bsize } = await statfs(folder);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch {
    return null;
  }
}

/** A file that cannot be read is no certificate; the start has checked it, and a renewal may be writing it now. */
async function certificateOf(file: string | undefined): Promise<ProcessReport['certificate']> {
  if (file === undefined) return null;
  try {
    const { validToDate, subjectAltName, subject } = new X509Certificate(await readFile(file));
    return { expiresAt: toInstant(validToDate.getTime()), names: (subjectAltName ?? subject).slice(0, 200) };
  } catch {
    return null;
  }
}
