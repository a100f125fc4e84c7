import { useState } from 'preact/hooks';
import type { SweepReport } from '#api/contract';
import { DataTable } from '../administration/DataTable.tsx';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { useLoaded, usePolling } from '../app/useLoaded.ts';
import { Button, ConfirmDialog, Notice } from '../design/index.ts';
import { formatBytes, formatDateTime, formatNumber } from '../text/format.ts';
import { text } from '../text/index.ts';

const refreshMs = 2000;

/** Finds what the object store has too much and what it lacks. A dry run comes first. */
export function SweepPanel() {
  const sweep = useSweep();
  const { data, error, reload, isBusy } = sweep;
  const words = text.storage.sweep;
  return (
    <section class="stack" aria-label={words.title}>
      <h2>{words.title}</h2>
      <p class="quiet">{words.intro}</p>
      {error && !data ? <LoadFailure error={error} onRetry={reload} /> : null}
      <p role="status" class="small">
        {stateOf(sweep)}
      </p>
      {data?.last && !isBusy ? <Report report={data.last} /> : null}
      <div class="row">
        <Button isBusy={isBusy} onClick={() => sweep.request(true)}>
          {words.start}
        </Button>
        {data?.last && !isBusy ? <Deletion report={data.last} onConfirm={() => sweep.request(false)} /> : null}
      </div>
    </section>
  );
}

/** The last sweep and the one that runs. It polls, so that the report appears by itself. */
function useSweep() {
  const { data, error, reload, replace } = useLoaded((signal) => api.getSweep({}, { signal }), []);
  /** The report that was there when a sweep was asked for. */
  const [askedAfter, setAskedAfter] = useState<string | null>();
  const request = useToastedAction(async (dryRun: boolean) => {
    setAskedAfter(data?.last?.finishedAt ?? null);
    replace(await api.requestSweep({ body: { dryRun } }).catch((failure: unknown) => {
      setAskedAfter(undefined);
      throw failure;
    }));
  });
  usePolling(reload, refreshMs);
  const isWaiting = askedAfter !== undefined && (data?.last?.finishedAt ?? null) === askedAfter;
  return { data, error, reload, request: request.run, isWaiting, isBusy: request.isBusy || isWaiting || (data?.running ?? null) !== null };
}

function stateOf({ data, isWaiting }: Pick<ReturnType<typeof useSweep>, 'data' | 'isWaiting'>): string {
  const words = text.storage.sweep;
  if (data?.running) return words.running(formatNumber(data.running.objects));
  if (isWaiting) return words.waiting;
  return data && !data.last ? words.never : '';
}

function Deletion({ report: { isDryRun, orphans }, onConfirm }: { report: SweepReport; onConfirm: () => void }) {
  const [isConfirming, setConfirming] = useState(false);
  const words = text.storage.sweep;
  if (!isDryRun || orphans.objects === 0) return null;
  return (
    <>
      <Button variant="danger" onClick={() => setConfirming(true)}>
        {words.delete}
      </Button>
      {isConfirming ? (
        <ConfirmDialog title={words.deleteTitle} message={words.deleteMessage(formatNumber(orphans.objects), formatBytes(orphans.bytes))} confirmLabel={words.confirm} onClose={() => setConfirming(false)} onConfirm={onConfirm} />
      ) : null}
    </>
  );
}

function Report({ report }: { report: SweepReport }) {
  const words = text.storage.sweep;
  const { orphans, missing, inProgress } = report;
  return (
    <>
      <p class="quiet small">{words.looked(formatNumber(report.objects), formatBytes(report.bytes), formatDateTime(report.finishedAt))}</p>
      {orphans.objects === 0 ? <p>{words.clean}</p> : <Notice tone={report.isDryRun ? 'warning' : 'normal'}>{report.isDryRun ? words.orphans(formatNumber(orphans.objects), formatBytes(orphans.bytes)) : words.deleted(formatNumber(orphans.deleted))}</Notice>}
      {orphans.examples.length > 0 && report.isDryRun ? (
        <details>
          <summary>{words.first(formatNumber(orphans.examples.length), formatNumber(orphans.objects))}</summary>
          <DataTable
            label={words.file}
            columns={[
              { key: 'file', label: words.file, isHead: true, cell: ({ key }) => <code>{key}</code> },
              { key: 'size', label: words.size, isNumber: true, cell: ({ bytes }) => formatBytes(bytes) },
              { key: 'stored', label: words.stored, cell: ({ modifiedAt }) => formatDateTime(modifiedAt) },
            ]}
            rows={orphans.examples}
            keyOf={({ key }) => key}
          />
        </details>
      ) : null}
      {missing.videos === 0 ? <p>{words.complete}</p> : <Notice tone="danger">{words.missing(formatNumber(missing.videos), formatNumber(missing.objects))}</Notice>}
      {missing.examples.length > 0 ? (
        <DataTable
          label={words.video}
          columns={[
            { key: 'video', label: words.video, isHead: true, cell: ({ videoId, title }) => <a href={paths.watch(videoId)} dir="auto">{title}</a> },
            { key: 'lacks', label: words.lacks, isNumber: true, cell: ({ objects }) => formatNumber(objects) },
            { key: 'file', label: words.file, cell: ({ key }) => <code>{key}</code> },
          ]}
          rows={missing.examples}
          keyOf={({ videoId }) => videoId}
        />
      ) : null}
      {inProgress > 0 ? <p class="quiet small">{words.inProgress(formatNumber(inProgress))}</p> : null}
    </>
  );
}
