import * as z from 'zod';
import { minReservedDescriptors, reservedDescriptorShare } from '../limits.ts';

/** The part of Node's diagnostic report that names the limit; Windows has none. */
const Report = z.object({ userLimits: z.object({ open_files: z.object({ soft: z.union([z.number(), z.string()]) }) }) });

/** The file descriptors that this process may have open (RLIMIT_NOFILE); undefined without a limit. */
export function openFileLimit(): number | undefined {
  // `@types/node` lacks the property. Without it the report looks up the names of connected hosts.
  const source = process.report as typeof process.report & { excludeNetwork: boolean };
  const { excludeNetwork } = source;
  source.excludeNetwork = true;
  const report = Report.safeParse(source.getReport());
  source.excludeNetwork = excludeNetwork;
  const limit = Number(report.data?.userLimits.open_files.soft);
  return Number.isInteger(limit) ? limit : undefined;
}

/** HTTP connections that leave descriptors for recordings, media workers and the database. A connection may serve a file, so it counts twice. */
export function connectionLimit(openFiles: number | undefined): number {
  if (openFiles === undefined) return Infinity;
  const reserved = Math.max(minReservedDescriptors, openFiles * reservedDescriptorShare);
  return Math.max(1, Math.floor((openFiles - reserved) / 2));
}
