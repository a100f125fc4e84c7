import type { ComponentChildren } from 'preact';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { siteNotice } from '../app/siteNotice.ts';
import { useLoaded, usePolling } from '../app/useLoaded.ts';
import { ButtonLink, Notice, SkeletonList } from '../design/index.ts';
import { Problems } from '../operation/HealthPanel.tsx';
import { formatBytes, formatNumber } from '../text/format.ts';
import { text } from '../text/index.ts';
import { AuditTable } from './AuditSection.tsx';

const refreshMs = 10_000;
const shownEntries = 5;

/** The state of the site at a glance. */
export function OverviewSection() {
  const { data, error, reload } = useLoaded(async (signal) => {
    const [health, { lectures }, storage, { entries }] = await Promise.all([
      api.getHealthDetails({}, { signal }),
      api.listLive({}, { signal }),
      api.listStorage({ query: { limit: 1 } }, { signal }),
      api.listAudit({ query: { limit: shownEntries } }, { signal }),
    ]);
    return { health, lectures, storage, entries };
  }, []);
  usePolling(reload, refreshMs);
  if (error && !data) return <LoadFailure error={error} onRetry={reload} />;
  if (!data) return <SkeletonList rows={3} />;
  const { health, lectures, storage, entries } = data;
  const words = text.administration.overview;
  const people = lectures.reduce((sum, { report }) => sum + (report?.people ?? 0), 0);
  return (
    <div class="stack">
      {siteNotice.value?.maintenance ? <Notice tone="warning" action={<ButtonLink href={paths.administrationSection('settings')}>{words.toSettings}</ButtonLink>}>{words.maintenanceOn}</Notice> : null}
      <Problems health={health} />
      <div class="tiles">
        <Tile section="live" title={words.live} value={formatNumber(lectures.length)}>
          {words.watching(formatNumber(people))}
        </Tile>
        <Tile section="storage" title={words.stored} value={formatBytes(storage.total.bytes)}>
          {words.recordings(formatNumber(storage.total.recordings))}
        </Tile>
        <Tile section="jobs" title={words.failedJobs} value={formatNumber(health.jobs.failed)}>
          {words.waiting(formatNumber(health.jobs.waiting))}
        </Tile>
        <Tile section="server" title={text.health.processes} value={formatNumber(health.processes.length)}>
          {[...new Set(health.processes.map(({ version }) => version))].join(', ')}
        </Tile>
      </div>
      <h2>{words.recent}</h2>
      {entries.length === 0 ? <p class="quiet">{text.administration.audit.empty}</p> : <AuditTable entries={entries} />}
    </div>
  );
}

function Tile({ section, title, value, children }: { section: string; title: string; value: string; children: ComponentChildren }) {
  return (
    <a class="tile" href={paths.administrationSection(section)}>
      <span class="small quiet">{title}</span>
      <span class="tile__value">{value}</span>
      <span class="small quiet">{children}</span>
    </a>
  );
}
