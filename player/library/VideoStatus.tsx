import type { VideoView } from '#api/contract';
import { serverClock } from '../app/ServerClock.ts';
import { Badge } from '../design/index.ts';
import { formatDateTime, formatPercent } from '../text/format.ts';
import { text } from '../text/index.ts';
import { ShareBar } from '../progress/ShareBar.tsx';
import { stageName } from '../uploads/stageName.ts';

/** What is special about a video: live, processing, failed, not open yet, archived. Nothing for one that can just be watched. */
export function VideoStatus({ video }: { video: VideoView }) {
  return (
    <>
      <StateBadge video={video} />
      {isOpeningLater(video) ? <Badge tone="warning">{text.library.opens(formatDateTime(video.visibleFrom ?? ''))}</Badge> : null}
      {video.storageClass === 'archive' ? <Badge>{video.isRestoring ? text.library.restoring : text.library.archived}</Badge> : null}
    </>
  );
}

export function isOpeningLater({ visibleFrom }: VideoView): boolean {
  return visibleFrom !== null && Date.parse(visibleFrom) > serverClock.nowMs();
}

function StateBadge({ video: { state } }: { video: VideoView }) {
  switch (state) {
    case 'live':
      return (
        <Badge tone="live" hasDot>
          {text.library.states.live}
        </Badge>
      );
    case 'failed':
      return <Badge tone="danger">{text.library.states.failed}</Badge>;
    case 'processing':
      return <Badge tone="warning">{text.library.states.processing}</Badge>;
    case 'ready':
      return null;
  }
}

/** How far the server is with a video; nothing when there is nothing to do. */
export function WorkBar({ video: { work, state } }: { video: VideoView }) {
  if (state === 'failed' || (!work && state !== 'processing')) return null;
  const stage = stageName(work?.stage ?? 'waiting');
  const share = work?.share ?? 0;
  return (
    <span class="video-work small quiet tabular">
      <ShareBar share={share} />
      <span>{share === 0 ? stage : text.library.working(stage, formatPercent(share))}</span>
    </span>
  );
}
