import { fromInstant } from '#engine/kernel';
import type { HealthDetails, HealthProblem, ProcessHealth } from '../contract/index.ts';
import { certificateWarningMs, clockWarningMs, lowDiskBytes, lowDiskShare, silentAfterMs, waitingWarningMs } from './limits.ts';

const dayMs = 24 * 3600_000;

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

function problemsOf({ nodeId, hostname, report, announcedAt, clockOffsetMs, clockErrorMs }: ProcessHealth, nowMs: number): HealthProblem[] {
  const found: HealthProblem[] = [];
  const add = (code: HealthProblem['code'], detail: string) => found.push({ code, nodeId, detail });
  if (!report) {
    const silentMs = nowMs - fromInstant(announcedAt);
    add('process.silent', silentMs > silentAfterMs ? `The process on ${hostname} has not been heard from for ${Math.round(silentMs / 1000)} seconds.` : `The process on ${hostname} does not answer.`);
    return found;
  }
  for (const { part, problem } of report.parts) if (problem !== null) add('part.failed', `${part} on ${hostname}: ${problem}`);
  const { disk, certificate, mediaWorkers } = report;
  if (disk && (disk.freeBytes < disk.totalBytes * lowDiskShare || disk.freeBytes < lowDiskBytes)) add('disk.low', `The disk of ${hostname} has ${(disk.freeBytes / 1e9).toFixed(1)} GB left of ${(disk.totalBytes / 1e9).toFixed(0)} GB.`);
  const daysLeft = certificate ? Math.floor((fromInstant(certificate.expiresAt) - nowMs) / dayMs) : undefined;
  if (daysLeft !== undefined && daysLeft * dayMs < certificateWarningMs) add('certificate.expiring', daysLeft < 0 ? `The certificate of ${hostname} has expired.` : `The certificate of ${hostname} expires in ${daysLeft} days.`);
  if (clockOffsetMs !== null && Math.abs(clockOffsetMs) - (clockErrorMs ?? 0) > clockWarningMs) add('clock.off', `The clock of ${hostname} is ${(Math.abs(clockOffsetMs) / 1000).toFixed(1)} s ${clockOffsetMs > 0 ? 'fast' : 'slow'}. Set it by NTP.`);
  if (mediaWorkers && mediaWorkers.running < mediaWorkers.all) add('workers.missing', `${mediaWorkers.all - mediaWorkers.running} of ${mediaWorkers.all} media workers on ${hostname} are being restarted.`);
  return found;
}
