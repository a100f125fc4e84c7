import type { HealthDetails, ProcessHealth } from '#api/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import type { Column } from '../administration/DataTable.tsx';
import { DataTable } from '../administration/DataTable.tsx';
import { api } from '../app/services.ts';
import { useLoaded, usePolling } from '../app/useLoaded.ts';
import { Badge, Notice, SkeletonList } from '../design/index.ts';
import { formatBytes, formatDateTime, formatNumber } from '../text/format.ts';
import { text, translated } from '../text/index.ts';

const refreshMs = 10_000;

/** What needs attention, and the processes of the site. */
export function HealthPanel() {
  const { data, error, reload } = useLoaded((signal) => api.getHealthDetails({}, { signal }), []);
  usePolling(reload, refreshMs);
  return (
    <section class="stack">
      {error ? <LoadFailure error={error} onRetry={reload} /> : null}
      {data || error ? null : <SkeletonList rows={2} />}
      {data ? <Problems health={data} /> : null}
      {data ? (
        <>
          <h2>{text.health.processes}</h2>
          <DataTable label={text.health.processes} columns={columns()} rows={data.processes} keyOf={({ nodeId }) => nodeId} />
          <p class="small quiet">
            {text.jobs.title}: {text.health.jobsLine(formatNumber(data.jobs.waiting), formatNumber(data.jobs.running), formatNumber(data.jobs.failed))}. {text.health.checked(formatDateTime(data.checkedAt))}
          </p>
        </>
      ) : null}
    </section>
  );
}

export function Problems({ health: { problems } }: { health: Pick<HealthDetails, 'problems'> }) {
  if (problems.length === 0) return <Notice tone="good">{text.health.allWell}</Notice>;
  return (
    <ul class="stack-tight">
      {problems.map(({ code, nodeId, detail }) => (
        <li key={`${code} ${nodeId} ${detail}`}>
          <Notice tone={code === 'part.failed' || code === 'process.silent' ? 'danger' : 'warning'}>
            <strong>{text.health.codes[code]}</strong> {translated(detail) ?? detail}
          </Notice>
        </li>
      ))}
    </ul>
  );
}

const columns = (): readonly Column<ProcessHealth>[] => [
  {
    key: 'process',
    label: text.health.process,
    isHead: true,
    cell: ({ hostname, nodeId, report, roles, version, startedAt }) => (
      <>
        <div>{hostname}</div>
        <div class="small quiet">{nodeId}</div>
        <div class="small">{roles.join(', ')}</div>
        <div class="small quiet">
          {text.health.version} {version} · {text.health.since} {formatDateTime(startedAt)}
        </div>
        {report ? null : <Badge tone="warning">{text.health.silent}</Badge>}
      </>
    ),
  },
  { key: 'parts', label: text.health.parts, cell: ({ report }) => report && <Parts report={report} /> },
  { key: 'disk', label: text.health.disk, isNumber: true, cell: ({ report }) => report?.disk && text.health.diskOf(formatBytes(report.disk.freeBytes), formatBytes(report.disk.totalBytes)) },
  { key: 'certificate', label: text.health.certificate, cell: ({ report }) => report && (report.certificate ? text.health.certificateUntil(formatDateTime(report.certificate.expiresAt)) : text.health.none) },
  { key: 'clock', label: text.health.clock, isNumber: true, cell: ({ clockOffsetMs, clockErrorMs }) => clockOf(clockOffsetMs, clockErrorMs) },
  { key: 'memory', label: text.health.memory, isNumber: true, cell: ({ report }) => report && formatBytes(report.memoryBytes) },
];

function Parts({ report: { parts } }: { report: NonNullable<ProcessHealth['report']> }) {
  const names: Readonly<Record<string, string>> = text.health.partNames;
  return (
    <ul class="row-tight">
      {parts.map(({ part, problem }) => (
        <li key={part}>
          <Badge tone={problem === null ? 'good' : 'danger'}>{names[part] ?? part}</Badge>
        </li>
      ))}
    </ul>
  );
}

function clockOf(offsetMs: number | null, errorMs: number | null): string | null {
  if (offsetMs === null) return null;
  return offsetMs === 0 && errorMs === 0 ? text.health.clockSame : text.health.clockOff(formatNumber(offsetMs), formatNumber(errorMs ?? 0));
}
