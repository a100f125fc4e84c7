import { RotateCcw, Trash2 } from 'lucide-preact';
import { videoTrashDays } from '#api/contract';
import type { DeletedVideo } from '#api/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { paths } from '../app/paths.ts';
import { serverClock } from '../app/ServerClock.ts';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { usePageTitle } from '../app/usePageTitle.ts';
import { Button, EmptyState, showToast, SkeletonList } from '../design/index.ts';
import { formatClock, formatDateTime } from '../text/format.ts';
import { text } from '../text/index.ts';
import './sharing.css';

const dayMs = 24 * 3600_000;

/** The deleted videos that can still be restored. */
export default function DeletedVideosPage() {
  usePageTitle(text.sharing.trash);
  const { data, error, reload } = useLoaded((signal) => api.listDeletedVideos({}, { signal }), []);
  const restore = useToastedAction(async ({ id, title }: DeletedVideo) => {
    await api.restoreVideo({ params: { videoId: id } });
    showToast({ text: text.sharing.restored(title) });
    reload();
  });
  return (
    <div class="page">
      <div class="stack-tight">
        <h1>{text.sharing.trash}</h1>
        <p class="quiet">{text.sharing.trashIntro(videoTrashDays)}</p>
      </div>
      {error ? <LoadFailure error={error} onRetry={reload} /> : null}
      {data || error ? null : <SkeletonList />}
      {data?.videos.length === 0 ? (
        <EmptyState icon={<Trash2 aria-hidden="true" />} title={text.sharing.trashEmptyTitle}>
          {text.sharing.trashEmpty}
        </EmptyState>
      ) : null}
      <ul class="sharing-links">
        {data?.videos.map((video) => (
          <li key={video.id} class="sharing-link">
            <div>
              <div class="sharing-link__label" dir="auto">
                {video.title}
              </div>
              <div class="sharing-link__facts small quiet">
                <a dir="auto" href={paths.course(video.courseId)}>{video.courseTitle}</a>
                <span class="tabular">{formatClock(video.durationSeconds * 1000)}</span>
                <span>{text.sharing.deletedWhen(formatDateTime(video.deletedAt))}</span>
                <span>{text.sharing.removedIn(Math.ceil((Date.parse(video.restorableUntil) - serverClock.nowMs()) / dayMs))}</span>
              </div>
            </div>
            <Button disabled={restore.isBusy} onClick={() => restore.run(video)}>
              <RotateCcw aria-hidden="true" size={20} />
              {text.sharing.restore}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
