import { damageKinds, leftoverKinds } from './AuditReport.ts';
import type { AuditReport, Damage, Leftover, RecordingAudit } from './AuditReport.ts';
import { maxPrintedDamages } from '../limits.ts';

/** The report as text: a line for each recording, followed by a line for each damage. */
export function printAudit(report: AuditReport): string {
  const lines = report.recordings.flatMap((recording) => [lineOf(recording), ...linesOf(recording.damages)]);
  if (report.recordings.length === 0) lines.push('There is no recording.');
  if (report.foreign.length > 0) lines.push('Files of no recording:', ...linesOf(report.foreign));
  if (report.leftovers.length > 0) lines.push(`Left by a crash, to be repaired by the next start: ${counted(report.leftovers)}`);
  return lines.join('\n');
}

function lineOf({ recordingId, state, isStored, tracks, waiting, waitingElsewhere, damages, leftovers }: RecordingAudit): string {
  const extent = tracks.map(({ track, segments, endMs }) => `${track} ${segments} to ${(endMs / 1000).toFixed(1)} s`).join(', ') || 'empty';
  const place = isStored ? 'stored' : `${waiting} to store${waitingElsewhere > 0 ? `, ${waitingElsewhere} on other nodes` : ''}`;
  const verdict = damages.length === 0 ? 'intact' : `DAMAGED in ${damages.length} ${damages.length === 1 ? 'place' : 'places'}`;
  const left = leftovers.length > 0 ? `; left by a crash, to be repaired by the next start: ${counted(leftovers)}` : '';
  return `${recordingId}  ${state}, ${place}; ${extent}; ${verdict}${left}`;
}

function linesOf(damages: readonly Damage[]): string[] {
  const lines = damages.slice(0, maxPrintedDamages).map(({ kind, what, detail }) => `  ${what} ${damageKinds[kind]}${detail ? ` (${detail})` : ''}`);
  if (damages.length > maxPrintedDamages) lines.push(`  and ${damages.length - maxPrintedDamages} more`);
  return lines;
}

function counted(leftovers: readonly Leftover[]): string {
  const kinds = [...new Set(leftovers.map(({ kind }) => kind))];
  return kinds.map((kind) => `${leftovers.filter((one) => one.kind === kind).length} ${leftoverKinds[kind]}`).join(', ');
}
