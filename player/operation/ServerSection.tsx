import type { WorkerView } from '#api/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { useLoaded, usePolling } from '../app/useLoaded.ts';
import { Badge, SkeletonList } from '../design/index.ts';
import { formatBitrate, formatPercent } from '../text/format.ts';
import { text } from '../text/index.ts';
import { HealthPanel } from './HealthPanel.tsx';
import './server.css';

const refreshMs = 3000;

/** The health of the processes, the media workers and the lectures on each. */
export function ServerSection() {
  return (
    <>
      <HealthPanel />
      <section class="stack">
        <h2>{text.server.workersTitle}</h2>
        <p class="quiet">{text.server.intro}</p>
        <Workers />
        <p class="small quiet">{text.server.pipesHint}</p>
      </section>
    </>
  );
}

function Workers() {
  const { data, error, reload } = useLoaded((signal) => api.listWorkers({}, { signal }), []);
  usePolling(reload, refreshMs);
  return (
    <>
      {error ? <LoadFailure error={error} onRetry={reload} /> : null}
      {data || error ? null : <SkeletonList rows={3} />}
      {data ? [...Map.groupBy(data.workers, ({ nodeId }) => nodeId)].map(([nodeId, workers], index, { length }) => <Node key={nodeId} name={length > 1 ? text.server.node(index + 1, nodeId) : undefined} workers={workers} />) : null}
    </>
  );
}

/** One live node of a site; without a name if there is only one. */
function Node({ name, workers }: { name: string | undefined; workers: readonly WorkerView[] }) {
  return (
    <section class="stack-tight">
      {name === undefined ? null : <h3 class="workers__node">{name}</h3>}
      <WorkerTable label={name ?? text.server.title} workers={workers} />
    </section>
  );
}

function WorkerTable({ label, workers }: { label: string; workers: readonly WorkerView[] }) {
  const { worker, cpu, sends, lecture, viewers, pipes } = text.server;
  return (
    <div class="workers" tabIndex={0} role="region" aria-label={label}>
      <table class="workers__table">
        <thead>
          <tr>
            {[worker, cpu, sends, lecture, viewers, pipes].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        {workers.map((each) => (
          <WorkerRows key={each.index} worker={each} />
        ))}
      </table>
    </div>
  );
}

function WorkerRows({ worker }: { worker: WorkerView }) {
  const rows = worker.lectures.length > 0 ? worker.lectures : [undefined];
  return (
    <tbody>
      {rows.map((lecture, index) => (
        <tr key={lecture?.lectureId ?? 'none'}>
          {index === 0 ? <WorkerCells worker={worker} rows={rows.length} /> : null}
          <td class="workers__lecture">{lecture ? <LectureCell lecture={lecture} /> : <span class="quiet">{text.server.idle}</span>}</td>
          <td class="workers__number" data-label={lecture && text.server.viewers}>
            {lecture?.viewers}
          </td>
          <td class="workers__number" data-label={lecture && text.server.pipes}>
            {lecture?.pipes}
          </td>
        </tr>
      ))}
    </tbody>
  );
}

function WorkerCells({ worker: { index, pid, cpuShare, egressBps }, rows }: { worker: WorkerView; rows: number }) {
  return (
    <>
      <th scope="rowgroup" rowSpan={rows} class="workers__number" data-label={text.server.worker}>
        {index + 1}
      </th>
      {pid === null ? (
        <td colSpan={2} rowSpan={rows}>
          <Badge tone="warning">{text.server.restarting}</Badge>
        </td>
      ) : (
        <>
          <td rowSpan={rows} class="workers__number" data-label={text.server.cpu}>
            {formatPercent(cpuShare)}
          </td>
          <td rowSpan={rows} class="workers__number" data-label={text.server.sends}>
            {formatBitrate(egressBps)}
          </td>
        </>
      )}
    </>
  );
}

function LectureCell({ lecture: { lectureId, title, hasPublishers } }: { lecture: WorkerView['lectures'][number] }) {
  return (
    <>
      <a href={paths.live(lectureId)} dir="auto">
        {title}
      </a>{' '}
      {hasPublishers ? <Badge>{text.server.publishedHere}</Badge> : null}
    </>
  );
}
