import { Trash2 } from 'lucide-preact';
import { videoTrashDays } from '#api/contract';
import type { DeletedVideo } from '#api/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { EmptyState, SkeletonList } from '../design/index.ts';
import { formatClock, formatDateTime } from '../text/format.ts';
import { text } from '../text/index.ts';
import './library.css';
import { RestoreButton } from './RestoreButton.tsx';

/** Deleted videos that can still be restored. */
export function DeletedVideos() {
  const { data, error, reload } = useLoaded((signal) => api.listDeletedVideos({}, { signal }), []);
  if (!data) return error ? <LoadFailure error={error} onRetry={reload} /> : <SkeletonList />;
  if (data.videos.length === 0) {
    return (
      <EmptyState icon={<Trash2 aria-hidden="true" />} title={text.library.noDeletedTitle}>
        {text.library.noDeleted(videoTrashDays)}
      </EmptyState>
    );
  }
  return (
    <>
      <p class="quiet">{text.library.deletedIntro(videoTrashDays)}</p>
      <ul class="deleted-videos" aria-label={text.library.views.deleted}>
        {data.videos.map((video) => (
          <DeletedRow key={video.id} video={video} onRestored={reload} />
        ))}
      </ul>
    </>
  );
}

function DeletedRow({ video, onRestored }: { video: DeletedVideo; onRestored: () => void }) {
  return (
    <li class="deleted-video">
      <span class="video__body">
        <span class="video__title" dir="auto">
          {video.title}
        </span>
        <span class="video__facts small quiet tabular">
          <a dir="auto" href={paths.course(video.courseId)}>
            {video.courseTitle}
          </a>
          {video.durationSeconds > 0 ? <span>{formatClock(video.durationSeconds * 1000)}</span> : null}
          <span>{text.library.deletedUntil(formatDateTime(video.restorableUntil))}</span>
        </span>
      </span>
      <RestoreButton videoId={video.id} onRestored={onRestored} />
    </li>
  );
}
