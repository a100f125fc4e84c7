import { Download } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { CourseDetail, LearnerProgress } from '#api/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { saveFile } from '../app/saveFile.ts';
import { Button, EmptyState, SkeletonList } from '../design/index.ts';
import { formatDateTime, formatPercent } from '../text/format.ts';
import { text } from '../text/index.ts';
import './progress.css';
import { ShareBar } from './ShareBar.tsx';

/** The progress of all students, for instructors, with a table to download. */
export function CourseProgress({ course }: { course: CourseDetail }) {
  const params = { courseId: course.id };
  const [more, setMore] = useState<{ learners: readonly LearnerProgress[]; cursor: string | null }>();
  const { data, error, reload } = useLoaded((signal) => api.listProgress({ params }, { signal }), [course.id]);
  const cursor = more ? more.cursor : (data?.nextCursor ?? null);
  const showMore = useToastedAction(async () => {
    const page = await api.listProgress({ params, query: { cursor: cursor ?? undefined } });
    setMore({ learners: [...(more?.learners ?? []), ...page.learners], cursor: page.nextCursor });
  });
  const download = useToastedAction(async () => {
    const { fileName, csv } = await api.exportProgress({ params });
    saveFile(new Blob([csv], { type: 'text/csv;charset=utf-8' }), fileName);
  });
  if (!data) return error ? <LoadFailure error={error} onRetry={reload} /> : <SkeletonList rows={5} />;
  const learners = [...data.learners, ...(more?.learners ?? [])].sort((a, b) => a.displayName.localeCompare(b.displayName));
  if (learners.length === 0 && cursor === null) return <EmptyState title={text.progress.noStudentsTitle}>{text.progress.noStudents}</EmptyState>;
  return (
    <div class="course-body">
      <div class="section__head">
        <p class="quiet small">{text.progress.rule(formatPercent(data.attendedFrom))}</p>
        <Button isBusy={download.isBusy} onClick={() => download.run()}>
          <Download aria-hidden="true" size={20} />
          {text.progress.download}
        </Button>
      </div>
      <div class="progress__scroll" role="region" aria-label={text.progress.students} tabIndex={0}>
        <table class="progress__table">
          <thead>
            <tr>
              <th scope="col">{text.progress.name}</th>
              <th scope="col">{text.progress.attended}</th>
              <th scope="col">{text.progress.watched}</th>
              <th scope="col">{text.progress.lastWatched}</th>
            </tr>
          </thead>
          <tbody>
            {learners.map((learner) => (
              <tr key={learner.userId}>
                <th scope="row">
                  <span dir="auto">{learner.displayName}</span>
                  <span class="quiet small">{learner.email}</span>
                </th>
                <td class="tabular">{text.progress.ofHeld(learner.attendedCount, data.heldCount)}</td>
                <td class="tabular">
                  <span class="progress__watched">
                    <ShareBar share={learner.watchedShare} />
                    {formatPercent(Math.round(learner.watchedShare * 100) / 100)}
                  </span>
                </td>
                <td>{learner.lastWatchedAt === null ? text.progress.never : formatDateTime(learner.lastWatchedAt)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {cursor === null ? null : (
        <div>
          <Button isBusy={showMore.isBusy} onClick={() => showMore.run()}>
            {text.progress.more}
          </Button>
        </div>
      )}
    </div>
  );
}
