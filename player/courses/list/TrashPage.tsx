import { RotateCcw, Trash2 } from 'lucide-preact';
import type { DeletedCourse } from '#api/contract';
import { courseTrashDays } from '#api/contract';
import { LoadFailure } from '../../app/LoadFailure.tsx';
import { paths } from '../../app/paths.ts';
import { account, api } from '../../app/services.ts';
import { serverClock } from '../../app/ServerClock.ts';
import { useToastedAction } from '../../app/useAction.ts';
import { usePages } from '../../app/usePages.ts';
import { usePageTitle } from '../../app/usePageTitle.ts';
import { Button, ButtonLink, EmptyState, showToast, SkeletonList } from '../../design/index.ts';
import { formatDateTime } from '../../text/format.ts';
import { text } from '../../text/index.ts';
import '../courses.css';

const dayMs = 24 * 3600_000;

/** The deleted courses, which their owners and administrators can restore for some days. */
export default function TrashPage() {
  usePageTitle(text.courses.trash);
  const pages = usePages<DeletedCourse>(async (cursor, signal) => {
    const { courses, nextCursor } = await api.listDeletedCourses({ query: cursor === undefined ? {} : { cursor } }, { signal });
    return { rows: courses, nextCursor };
  }, []);
  const restore = useToastedAction(async ({ id, title }: DeletedCourse) => {
    await api.restoreCourse({ params: { courseId: id } });
    showToast({ text: text.courses.restored(title) });
    pages.reload();
  });
  const { rows } = pages;
  return (
    <div class="page">
      <div class="stack-tight">
        <h1>{text.courses.trash}</h1>
        <p class="quiet">{text.courses.trashIntro(courseTrashDays)}</p>
      </div>
      {pages.error ? <LoadFailure error={pages.error} onRetry={pages.reload} /> : null}
      {rows || pages.error ? null : <SkeletonList />}
      {rows?.length === 0 ? (
        <EmptyState icon={<Trash2 aria-hidden="true" />} title={text.courses.trashEmptyTitle} action={<ButtonLink href={paths.courses}>{text.courses.all}</ButtonLink>}>
          {text.courses.trashEmpty}
        </EmptyState>
      ) : null}
      <ul class="list">
        {rows?.map((course) => (
          <li key={course.id} class="lecture">
            <div>
              <div class="lecture__title" dir="auto">
                {course.title}
              </div>
              <div class="lecture__facts small">
                {account.value?.roles.includes('admin') ? <span>{text.home.by(course.ownerName)}</span> : null}
                <span>{text.courses.deletedWhen(formatDateTime(course.deletedAt))}</span>
                <span>{text.courses.removedIn(daysUntil(course.restorableUntil))}</span>
              </div>
            </div>
            <div class="lecture__actions">
              <Button disabled={restore.isBusy} onClick={() => restore.run(course)}>
                <RotateCcw aria-hidden="true" size={20} />
                {text.courses.restore}
              </Button>
            </div>
          </li>
        ))}
      </ul>
      {pages.hasMore ? (
        <div class="row">
          <Button isBusy={pages.isLoading} onClick={pages.loadMore}>
            {text.courses.more}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

function daysUntil(instant: string): number {
  return Math.ceil((Date.parse(instant) - serverClock.nowMs()) / dayMs);
}
