import type { CourseDetail, OwnLectureProgress } from '#api/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { EmptyState, SkeletonList } from '../design/index.ts';
import { formatDateTime, formatPercent } from '../text/format.ts';
import { text } from '../text/index.ts';
import './progress.css';
import { ShareBar } from './ShareBar.tsx';

/** What the user has attended and watched of a course. */
export function OwnProgress({ course }: { course: CourseDetail }) {
  const { data, error, reload } = useLoaded((signal) => api.getOwnProgress({ params: { courseId: course.id } }, { signal }), [course.id]);
  if (!data) return error ? <LoadFailure error={error} onRetry={reload} /> : <SkeletonList rows={4} />;
  if (data.lectures.length === 0) return <EmptyState title={text.progress.noneTitle}>{text.progress.none}</EmptyState>;
  return (
    <div class="course-body">
      <dl class="progress__totals">
        <div>
          <dt>{text.progress.attended}</dt>
          <dd class="tabular">{text.progress.ofHeld(data.attendedCount, data.heldCount)}</dd>
        </div>
        <div>
          <dt>{text.progress.watched}</dt>
          <dd class="tabular">{formatPercent(rounded(data.watchedShare))}</dd>
          <ShareBar share={data.watchedShare} />
        </div>
      </dl>
      <ul class="list">
        {data.lectures.map((lecture) => (
          <LectureProgress key={lecture.lectureId} lecture={lecture} />
        ))}
      </ul>
      <p class="quiet small">{text.progress.rule(formatPercent(data.attendedFrom))}</p>
    </div>
  );
}

function LectureProgress({ lecture }: { lecture: OwnLectureProgress }) {
  const { title, startedAt, videoId, watchedShare } = lecture;
  return (
    <li class="progress__lecture">
      <span class="stack-tight">
        {videoId ? (
          <a href={paths.watch(videoId)} dir="auto">
            {title}
          </a>
        ) : (
          <span dir="auto">{title}</span>
        )}
        <span class="quiet small">{startedAt === null ? '' : formatDateTime(startedAt)}</span>
      </span>
      <span class="small">{presenceOf(lecture)}</span>
      <span class="progress__watched small tabular">
        {watchedShare === null ? (
          <span class="quiet">{text.progress.noRecording}</span>
        ) : (
          <>
            <ShareBar share={watchedShare} />
            {formatPercent(rounded(watchedShare))}
          </>
        )}
      </span>
    </li>
  );
}

function presenceOf({ presentShare, isAttended }: OwnLectureProgress): string {
  if (presentShare === null) return text.progress.pending;
  const percent = formatPercent(rounded(presentShare));
  if (isAttended) return text.progress.wasThere(percent);
  return presentShare > 0 ? text.progress.wasPartly(percent) : text.progress.wasAbsent;
}

/** To whole percents; a share is 100 % only when nothing is missing. */
function rounded(share: number): number {
  return share === 1 ? 1 : Math.min(0.99, Math.round(share * 100) / 100);
}
