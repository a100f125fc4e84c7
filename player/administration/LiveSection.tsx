import { Ellipsis, Square } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { LiveNow } from '#api/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { useLoaded, usePolling } from '../app/useLoaded.ts';
import { Badge, Button, ConfirmDialog, Dialog, EmptyState, Menu, showToast, SkeletonList } from '../design/index.ts';
import { formatBitrate, formatDateTime, formatNumber } from '../text/format.ts';
import { text } from '../text/index.ts';
import type { Column } from './DataTable.tsx';
import { DataTable } from './DataTable.tsx';
import { LivePlot } from './LivePlot.tsx';

const refreshMs = 5000;

/** What is live on all nodes. */
export function LiveSection() {
  const { data, error, reload } = useLoaded((signal) => api.listLive({}, { signal }), []);
  const [shown, setShown] = useState<LiveNow>();
  const [ending, setEnding] = useState<LiveNow>();
  usePolling(reload, refreshMs);
  const end = useToastedAction(async ({ lectureId, title }: LiveNow) => {
    await api.endLecture({ params: { lectureId } });
    setEnding(undefined);
    showToast({ text: text.admin.lectureEnded(title) });
    reload();
  });
  return (
    <section class="stack" aria-label={text.administration.sections.live}>
      <p class="quiet">{text.administration.live.intro}</p>
      {error ? <LoadFailure error={error} onRetry={reload} /> : null}
      {data || error ? null : <SkeletonList rows={3} />}
      {data?.lectures.length === 0 ? <EmptyState title={text.administration.live.empty} /> : null}
      {data && data.lectures.length > 0 ? <DataTable label={text.administration.sections.live} columns={columnsWith(setShown, setEnding)} rows={data.lectures} keyOf={({ lectureId }) => lectureId} /> : null}
      {shown ? (
        <Dialog title={text.administration.live.details(shown.title)} onClose={() => setShown(undefined)}>
          <LivePlot lectureId={shown.lectureId} />
        </Dialog>
      ) : null}
      {ending ? (
        <ConfirmDialog
          title={text.admin.endTitle(ending.title)}
          message={text.studio.endMessage(text.studio.watching(ending.report?.people ?? 0))}
          confirmLabel={text.studio.endDo}
          isBusy={end.isBusy}
          onConfirm={() => end.run(ending)}
          onClose={() => setEnding(undefined)}
        />
      ) : null}
    </section>
  );
}

function columnsWith(show: (lecture: LiveNow) => void, end: (lecture: LiveNow) => void): readonly Column<LiveNow>[] {
  const words = text.administration.live;
  return [
    { key: 'lecture', label: words.lecture, isHead: true, cell: (lecture) => <LectureCell lecture={lecture} /> },
    { key: 'node', label: words.node, cell: ({ nodeId }) => nodeId ?? <Badge tone="warning">{words.noAnswer}</Badge> },
    {
      key: 'audience',
      label: words.audience,
      isNumber: true,
      cell: ({ report }) =>
        report && (
          <>
            <div>{formatNumber(report.people)}</div>
            <div class="small quiet">{words.viewers(formatNumber(report.viewers))}</div>
          </>
        ),
    },
    { key: 'in', label: words.inBps, isNumber: true, cell: ({ report }) => report && (report.receivedBps === null ? '–' : formatBitrate(report.receivedBps)) },
    { key: 'out', label: words.outBps, isNumber: true, cell: ({ report }) => report && formatBitrate(report.sentBps) },
    { key: 'encoder', label: words.encoder, cell: ({ report }) => report && <EncoderCell report={report} /> },
    { key: 'plot', label: '', cell: (lecture) => <Button onClick={() => show(lecture)}>{words.overTime}</Button> },
    {
      key: 'actions',
      label: '',
      isMenu: true,
      cell: (lecture) => (
        <Menu label={text.admin.courseMenu(lecture.title)} isIconOnly trigger={<Ellipsis aria-hidden="true" />} items={[{ key: 'end', label: words.end, icon: <Square aria-hidden="true" />, isDanger: true, onSelect: () => end(lecture) }]} />
      ),
    },
  ];
}

function LectureCell({ lecture: { title, course, lectureId, state, startedAt } }: { lecture: LiveNow }) {
  return (
    <>
      <a href={paths.live(lectureId)} dir="auto">
        {title}
      </a>{' '}
      {state === 'interrupted' ? <Badge tone="warning">{text.administration.live.interrupted}</Badge> : null}
      <div class="small quiet">
        <span dir="auto">{course.title}</span>
        {startedAt === null ? null : ` · ${text.administration.live.started(formatDateTime(startedAt))}`}
      </div>
    </>
  );
}

function EncoderCell({ report: { encoder, recording } }: { report: NonNullable<LiveNow['report']> }) {
  const words = text.administration.live;
  const size = encoder?.widthPx && encoder.heightPx ? `${encoder.widthPx} × ${encoder.heightPx}` : '';
  const rate = encoder?.frameRate ? ` · ${formatNumber(encoder.frameRate, 0)} fps` : '';
  return (
    <>
      <div>{encoder ? `${encoder.protocol.toUpperCase()} ${size}${rate}` : words.noEncoder}</div>
      {encoder?.problem ? <div class="small">{encoder.problem}</div> : null}
      <div class="small quiet">
        {words.recording}: {words.recordingStates[recording]}
      </div>
    </>
  );
}
