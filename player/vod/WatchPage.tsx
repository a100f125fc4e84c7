import { Clapperboard, Lock } from 'lucide-preact';
import { useLocation } from 'preact-iso';
import { ApiError } from '#api/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { useLoaded, usePolling } from '../app/useLoaded.ts';
import { usePageTitle } from '../app/usePageTitle.ts';
import { ButtonLink, EmptyState, Skeleton } from '../design/index.ts';
import { text } from '../text/index.ts';
import { sentenceFor } from '../text/sentenceFor.ts';
import { ArchivedVideo } from '../storage/ArchivedVideo.tsx';
import { ReplayUpdater } from './ReplayUpdater.tsx';
import { chooseTracks } from './playback/chooseTracks.ts';
import { parsePosition, startAt } from './progress/progressPolicy.ts';
import { BackToCourse } from './Replay.tsx';
import '../courses/list/list.css';
import './watch.css';

const retryMs = 5000;
/** Statuses that do not change on a retry. */
const closedStatuses = new Set([403, 404, 410]);

async function loadReplay(videoId: string, signal: AbortSignal) {
  const params = { videoId };
  const [playback, progress] = await Promise.all([api.getPlayback({ params }, { signal }), api.getProgress({ params }, { signal })]);
  return { playback, progress };
}

/** The replay of a recorded lecture, or of a live one from its beginning. It resumes where the viewer stopped. */
export default function WatchPage({ videoId }: { videoId: string }) {
  const { query } = useLocation();
  const { data, error, reload } = useLoaded((signal) => loadReplay(videoId, signal), [videoId]);
  usePageTitle(data?.playback.video.title);

  if (!data) return error ? <Failure videoId={videoId} error={error} onRetry={reload} /> : <WatchSkeleton />;
  const { playback, progress } = data;
  const tracks = chooseTracks(playback.tracks);
  if (!tracks) return <EmptyRecording courseId={playback.video.courseId} />;
  const start = startAt({ requested: parsePosition(query.t), progress, durationSeconds: playback.video.durationSeconds });
  return <ReplayUpdater key={videoId} playback={playback} tracks={tracks} start={start} />;
}

function Failure({ videoId, error, onRetry }: { videoId: string; error: unknown; onRetry: () => void }) {
  if (error instanceof ApiError && error.code === 'video.archived') return <Archived videoId={videoId} error={error} onRetry={onRetry} />;
  if (error instanceof ApiError && error.code === 'video.notReady') return <NotReady onRetry={onRetry} />;
  if (error instanceof ApiError && closedStatuses.has(error.status)) return <Closed error={error} />;
  return (
    <main class="watch watch--empty">
      <BackToCourse playback={undefined} />
      <LoadFailure error={error} onRetry={onRetry} />
    </main>
  );
}

function Closed({ error }: { error: unknown }) {
  return (
    <main class="watch watch--empty">
      <EmptyState
        isCentred
        icon={<Lock aria-hidden="true" />}
        title={text.watch.closedTitle}
        action={<ButtonLink href={paths.home}>{text.shell.toHome}</ButtonLink>}
      >
        {sentenceFor(error)}
      </EmptyState>
    </main>
  );
}

function Archived(props: { videoId: string; error: ApiError; onRetry: () => void }) {
  return (
    <main class="watch watch--empty">
      <BackToCourse playback={undefined} />
      <ArchivedVideo {...props} />
    </main>
  );
}

function NotReady({ onRetry }: { onRetry: () => void }) {
  usePolling(onRetry, retryMs);
  return (
    <main class="watch watch--empty">
      <BackToCourse playback={undefined} />
      <EmptyState isCentred icon={<Clapperboard aria-hidden="true" />} title={text.watch.notReadyTitle}>
        {text.watch.notReady}
      </EmptyState>
    </main>
  );
}

function EmptyRecording({ courseId }: { courseId: string }) {
  return (
    <main class="watch watch--empty">
      <EmptyState
        isCentred
        icon={<Clapperboard aria-hidden="true" />}
        title={text.watch.emptyTitle}
        action={<ButtonLink href={paths.course(courseId)}>{text.watch.toCourse}</ButtonLink>}
      >
        {text.watch.empty}
      </EmptyState>
    </main>
  );
}

/** The layout of the page while it is loading. */
function WatchSkeleton() {
  return (
    <main class="watch">
      <header class="watch__back">
        <Skeleton width="10rem" height="1.25rem" />
      </header>
      <div class="watch__stage">
        <div class="replay-stage replay-stage--empty" role="status">
          <span class="unseen">{text.watch.loading}</span>
        </div>
      </div>
      <div class="watch__head">
        <Skeleton width="min(24rem, 80%)" height="2rem" />
        <Skeleton width="min(16rem, 60%)" />
      </div>
      <div class="watch__side watch__side--skeleton">
        <Skeleton width="70%" height="2.5rem" />
        <Skeleton width="85%" height="2.5rem" />
        <Skeleton width="60%" height="2.5rem" />
      </div>
    </main>
  );
}
