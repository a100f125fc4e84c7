import { Download } from 'lucide-preact';
import type { CourseStorageReport, StorageClassSettings } from '#api/contract';
import { maxStoragePageSize } from '#api/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { saveFile } from '../app/saveFile.ts';
import { useToastedAction } from '../app/useAction.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { Button, ButtonLink, EmptyState, SkeletonList } from '../design/index.ts';
import { ClassSummary, storageClasses, StorageHistory } from '../storage/ClassSummary.tsx';
import { formatCost } from '../storage/formatCost.ts';
import { SweepPanel } from '../storage/SweepPanel.tsx';
import { formatBytes, formatDateTime, formatNumber, formatPercent } from '../text/format.ts';
import { text } from '../text/index.ts';
import { csvOf } from './csvOf.ts';
import type { Column } from './DataTable.tsx';
import { DataTable } from './DataTable.tsx';
import { Pager } from './Pager.tsx';
import { usePager } from './usePager.ts';

/** What is stored in each class and course, what that costs, and a sweep of the object store. */
export function StorageSection() {
  const pages = usePager((cursor, signal) => api.getStorageReport({ query: { cursor } }, { signal }), []);
  const settings = useLoaded((signal) => api.getStorageClasses({}, { signal }), []);
  const { data, error, reload } = pages;
  const words = text.administration.storage;
  const download = useToastedAction(async () => saveFile(csvFile(csvOf(csvHead, (await allCourses()).map(csvRow))), words.file));
  return (
    <div class="stack storage">
      <section class="stack" aria-label={text.administration.sections.storage}>
        {settings.data ? <Rules settings={settings.data.settings} restoreHours={settings.data.restoreHours} /> : null}
        {error ? <LoadFailure error={error} onRetry={reload} /> : null}
        {data || error ? null : <SkeletonList rows={6} height="3rem" />}
        {data && data.courses.length === 0 ? <EmptyState title={data.measuredAt === null ? text.storage.notMeasured : words.empty} /> : null}
        {data && data.courses.length > 0 ? (
          <>
            <ClassSummary total={data.total} currency={data.currency} prices={pricesOf(settings.data?.settings)} />
            {data.measuredAt === null ? null : <p class="quiet small">{text.storage.measured(formatDateTime(data.measuredAt))}</p>}
            <StorageHistory days={data.days} />
            <div class="row">
              <h2 class="grow">{text.storage.courses}</h2>
              <Button isBusy={download.isBusy} onClick={() => download.run()}>
                <Download aria-hidden="true" />
                {words.download}
              </Button>
            </div>
            <DataTable label={text.storage.courses} columns={columnsOf(data.total.bytes, data.currency)} rows={data.courses} keyOf={({ course }) => course.id} />
          </>
        ) : null}
        <Pager pages={pages} />
      </section>
      <SweepPanel />
    </div>
  );
}

function Rules({ settings, restoreHours }: { settings: StorageClassSettings; restoreHours: number }) {
  const { infrequentAfterDays, archiveAfterDays } = settings;
  const days = (value: number | null) => (value === null ? null : formatNumber(value));
  return (
    <div class="storage-rules">
      <p>
        {text.storage.rules(days(infrequentAfterDays), days(archiveAfterDays))} {archiveAfterDays === null ? null : text.storage.restoreTakes(restoreHours)}
      </p>
      <ButtonLink href={paths.administrationSection('settings')}>{text.storage.toSettings}</ButtonLink>
    </div>
  );
}

function pricesOf(settings: StorageClassSettings | undefined) {
  return { standard: settings?.standardPrice ?? null, infrequent: settings?.infrequentPrice ?? null, archive: settings?.archivePrice ?? null };
}

function columnsOf(totalBytes: number, currency: string): readonly Column<CourseStorageReport>[] {
  const words = text.administration.storage;
  return [
    { key: 'course', label: words.course, isHead: true, cell: ({ course: { id, title } }) => (title === null ? <span class="quiet">{words.deletedCourse}</span> : <a href={paths.course(id)} dir="auto">{title}</a>) },
    { key: 'size', label: words.size, isNumber: true, cell: ({ bytes }) => formatBytes(bytes) },
    { key: 'share', label: words.share, isNumber: true, cell: ({ bytes }) => (totalBytes === 0 ? null : formatPercent(bytes / totalBytes)) },
    ...storageClasses.slice(1).map((key): Column<CourseStorageReport> => ({ key, label: text.storage.classes[key], isNumber: true, cell: (course) => (course[key] === 0 ? '–' : formatBytes(course[key])) })),
    { key: 'videos', label: text.storage.videos, isNumber: true, cell: ({ videos }) => formatNumber(videos) },
    { key: 'cost', label: text.storage.cost, isNumber: true, cell: ({ monthlyCost }) => (monthlyCost === null ? '–' : formatCost(monthlyCost, currency)) },
  ];
}

const csvHead = ['course_id', 'course', 'bytes', 'standard_bytes', 'infrequent_bytes', 'archive_bytes', 'videos', 'monthly_cost'] as const;
const csvRow = ({ course, bytes, standard, infrequent, archive, videos, monthlyCost }: CourseStorageReport) => [course.id, course.title ?? '', bytes, standard, infrequent, archive, videos, monthlyCost ?? ''];

const csvFile = (csv: string) => new Blob([csv], { type: 'text/csv;charset=utf-8' });

async function allCourses(): Promise<CourseStorageReport[]> {
  const all: CourseStorageReport[] = [];
  for (let cursor: string | undefined; ; ) {
    const { courses, nextCursor } = await api.getStorageReport({ query: { cursor, limit: maxStoragePageSize } });
    all.push(...courses);
    if (nextCursor === null) return all;
    cursor = nextCursor;
  }
}
