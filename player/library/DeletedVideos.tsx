import { Trash2 } from 'lucide-preact';
import type { VideoView } from '#api/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { usePages } from '../app/usePages.ts';
import { Button, EmptyState, SkeletonList } from '../design/index.ts';
import { formatBytes, formatDateTime } from '../text/format.ts';
import { text } from '../text/index.ts';
import { undoDays } from './bulk.ts';
import { loadDeleted } from './libraryApi.ts';
import { RestoreButton } from './RestoreButton.tsx';
import { VideoPoster } from './VideoPoster.tsx';

const dayMs = 24 * 60 * 60_000;

/** Deleted videos that can still be restored. */
export function DeletedVideos() {
  const pages = usePages<VideoView>(loadDeleted, []);
  if (!pages.rows) return pages.error ? <LoadFailure error={pages.error} onRetry={pages.reload} /> : <SkeletonList />;
  return (
    <>
      {pages.error ? <LoadFailure error={pages.error} onRetry={pages.reload} /> : null}
      {pages.rows.length === 0 ? (
        <EmptyState icon={<Trash2 aria-hidden="true" />} title={text.library.noDeletedTitle}>
          {text.library.noDeleted(undoDays)}
        </EmptyState>
      ) : null}
      <ul class="videos videos--list" aria-label={text.library.views.deleted}>
        {pages.rows.map((video) => (
          <DeletedVideo key={video.id} video={video} onRestored={pages.reload} />
        ))}
      </ul>
      {pages.hasMore ? (
        <div class="row">
          <Button isBusy={pages.isLoading} onClick={pages.loadMore}>
            {text.library.more}
          </Button>
        </div>
      ) : null}
    </>
  );
}

function DeletedVideo({ video, onRestored }: { video: VideoView; onRestored: () => void }) {
  const until = new Date(Date.parse(video.deletedAt ?? '') + undoDays * dayMs);
  return (
    <li class="video">
      <div class="video__link">
        <VideoPoster video={video} />
        <span class="video__body">
          <span class="video__title" dir="auto">
            {video.title}
          </span>
          <span class="video__facts small quiet tabular">
            <span dir="auto">{video.courseTitle}</span>
            {video.deletedAt === null ? null : <span>{text.library.deletedUntil(formatDateTime(until.toISOString()))}</span>}
            {video.bytes > 0 ? <span>{formatBytes(video.bytes)}</span> : null}
          </span>
        </span>
      </div>
      <RestoreButton videoId={video.id} onRestored={onRestored} />
    </li>
  );
}
