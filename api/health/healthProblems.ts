import { fromInstant } from '#engine/kernel';
import type { HealthDetails, HealthProblem, ProcessHealth, ProcessReport } from '../contract/index.ts';
import { certificateWarningMs, clockWarningMs, lowDiskBytes, lowDiskShare, silentAfterMs, waitingWarningMs } from './limits.ts';
import { dayMs } from '../limits.ts';

/** What an administrator has to look at, by what was measured. */
export function healthProblems({ processes, jobs }: Pick<HealthDetails, 'processes' | 'jobs'>, nowMs: number): HealthProblem[] {
  const versions = [...new Set(processes.map(({ version }) => version))];
  const site: HealthProblem[] = [];
  const ofSite = (code: HealthProblem['code'], detail: string) => site.push({ code, nodeId: null, detail });
  if (versions.length > 1) ofSite('versions.mixed', `The processes have different versions: ${versions.toSorted().join(', ')}. Update all of them.`);
  if (jobs.failed > 0) ofSite('jobs.failed', `${jobs.failed} background ${jobs.failed === 1 ? 'job has' : 'jobs have'} failed. Look at the errors, then send them again or cancel them.`);
  const waitedMs = jobs.oldestWaitingAt === null ? 0 : nowMs - fromInstant(jobs.oldestWaitingAt);
  if (waitedMs > waitingWarningMs) ofSite('jobs.waiting', `A background job has waited for ${Math.round(waitedMs / 60_000)} minutes. Check that a worker runs.`);
  return [...processes.flatMap((process) => problemsOf(process, nowMs)), ...site];
}

type Found = Pick<HealthProblem, 'code' | 'detail'> | undefined;

function problemsOf(process: ProcessHealth, nowMs: number): HealthProblem[] {
  const { nodeId, hostname, report } = process;
  if (!report) return [{ code: 'process.silent', nodeId, detail: silence(process, nowMs) }];
  const parts = report.parts.flatMap(({ part, problem }): Found[] => (problem === null ? [] : [{ code: 'part.failed', detail: `${part} on ${hostname}: ${problem}` }]));
  const found: Found[] = [...parts, lowDisk(hostname, report), expiring({ hostname, report, nowMs }), wrongClock(process), missingWorkers(hostname, report)];
  return found.flatMap((each) => (each ? [{ ...each, nodeId }] : []));
}

function silence({ hostname, announcedAt }: ProcessHealth, nowMs: number): string {
  const silentMs = nowMs - fromInstant(announcedAt);
  return silentMs > silentAfterMs ? `The process on ${hostname} has not been heard from for ${Math.round(silentMs / 1000)} seconds.` : `The process on ${hostname} does not answer.`;
}

function lowDisk(hostname: string, { disk }: ProcessReport): Found {
  if (!disk || (disk.freeBytes >= disk.totalBytes * lowDiskShare && disk.freeBytes >= lowDiskBytes)) return undefined;
  return { code: 'disk.low', detail: `The disk of ${hostname} has ${(disk.freeBytes / 1e9).toFixed(1)} GB left of ${(disk.totalBytes / 1e9).toFixed(0)} GB.` };
}

function expiring({ hostname, report: { certificate }, nowMs }: { hostname: string; report: ProcessReport; nowMs: number }): Found {
  if (!certificate || fromInstant(certificate.expiresAt) - nowMs >= certificateWarningMs) return undefined;
  const daysLeft = Math.floor((fromInstant(certificate.expiresAt) - nowMs) / dayMs);
  return { code: 'certificate.expiring', detail: daysLeft < 0 ? `The certificate of ${hostname} has expired.` : `The certificate of ${hostname} expires in ${daysLeft} days.` };
}

function wrongClock({ hostname, clockOffsetMs, clockErrorMs }: ProcessHealth): Found {
  if (clockOffsetMs === null || Math.abs(clockOffsetMs) - (clockErrorMs ?? 0) <= clockWarningMs) return undefined;
  return { code: 'clock.off', detail: `The clock of ${hostname} is ${(Math.abs(clockOffsetMs) / 1000).toFixed(1)} s ${clockOffsetMs > 0 ? 'fast' : 'slow'}. Set it by NTP.` };
}

function missingWorkers(hostname: string, { mediaWorkers }: ProcessReport): Found {
  if (!mediaWorkers || mediaWorkers.running === mediaWorkers.all) return undefined;
  return { code: 'workers.missing', detail: `${mediaWorkers.all - mediaWorkers.running} of ${mediaWorkers.all} media workers on ${hostname} are being restarted.` };
}
