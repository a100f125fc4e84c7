import { Download } from 'lucide-preact';
import type { CourseStorage } from '#api/contract';
import { maxStoragePageSize } from '#api/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { saveFile } from '../app/saveFile.ts';
import { useToastedAction } from '../app/useAction.ts';
import { Button, EmptyState, SkeletonList } from '../design/index.ts';
import { formatBytes, formatDateTime, formatNumber, formatPercent } from '../text/format.ts';
import { text } from '../text/index.ts';
import { csvOf } from './csvOf.ts';
import type { Column } from './DataTable.tsx';
import { DataTable } from './DataTable.tsx';
import { Pager } from './Pager.tsx';
import { usePager } from './usePager.ts';

/** How much the recordings of each course store. */
export function StorageSection() {
  const pages = usePager((cursor, signal) => api.listStorage({ query: { cursor } }, { signal }), []);
  const { data, error, reload } = pages;
  const download = useToastedAction(async () => saveFile(csvFile(csvOf(csvHead, (await allCourses()).map(csvRow))), text.administration.storage.file));
  const words = text.administration.storage;
  return (
    <section class="stack" aria-label={text.administration.sections.storage}>
      <p class="quiet">{words.intro}</p>
      {error ? <LoadFailure error={error} onRetry={reload} /> : null}
      {data || error ? null : <SkeletonList rows={6} height="3rem" />}
      {data && data.courses.length === 0 ? <EmptyState title={data.measuredAt === null ? words.notMeasured : words.empty} /> : null}
      {data && data.courses.length > 0 ? (
        <>
          <div class="row">
            <p>
              <strong>{words.total(formatBytes(data.total.bytes), formatNumber(data.total.recordings))}</strong> <span class="quiet small">{data.measuredAt && words.measured(formatDateTime(data.measuredAt))}</span>
            </p>
            <Button isBusy={download.isBusy} onClick={() => download.run()}>
              <Download aria-hidden="true" />
              {words.download}
            </Button>
          </div>
          <DataTable label={text.administration.sections.storage} columns={columnsOf(data.total.bytes)} rows={data.courses} keyOf={({ course }) => course.id} />
        </>
      ) : null}
      <Pager pages={pages} />
    </section>
  );
}

function columnsOf(totalBytes: number): readonly Column<CourseStorage>[] {
  const words = text.administration.storage;
  return [
    { key: 'course', label: words.course, isHead: true, cell: ({ course: { id, title } }) => (title === null ? <span class="quiet">{words.deletedCourse}</span> : <a href={paths.course(id)} dir="auto">{title}</a>) },
    { key: 'size', label: words.size, isNumber: true, cell: ({ bytes }) => formatBytes(bytes) },
    { key: 'share', label: words.share, isNumber: true, cell: ({ bytes }) => (totalBytes === 0 ? null : formatPercent(bytes / totalBytes)) },
    { key: 'recordings', label: words.recordings, isNumber: true, cell: ({ recordings }) => formatNumber(recordings) },
    { key: 'objects', label: words.objects, isNumber: true, cell: ({ objects }) => formatNumber(objects) },
  ];
}

const csvHead = ['course_id', 'course', 'bytes', 'recordings', 'files'] as const;
const csvRow = ({ course, bytes, recordings, objects }: CourseStorage) => [course.id, course.title ?? '', bytes, recordings, objects];

const csvFile = (csv: string) => new Blob([csv], { type: 'text/csv;charset=utf-8' });

async function allCourses(): Promise<CourseStorage[]> {
  const all: CourseStorage[] = [];
  for (let cursor: string | undefined; ; ) {
    const { courses, nextCursor } = await api.listStorage({ query: { cursor, limit: maxStoragePageSize } });
    all.push(...courses);
    if (nextCursor === null) return all;
    cursor = nextCursor;
  }
}
