import type { CommentOrder, VideoView } from '#api/contract';
import { commentOrders } from '#api/contract';
import { may } from '#engine/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { Button, EmptyState, Select, SkeletonList } from '../design/index.ts';
import { text } from '../text/index.ts';
import type { ReplayPlayer } from '../vod/playback/ReplayPlayer.ts';
import './community.css';
import { Composer } from './Composer.tsx';
import { sentComment } from './sentComment.ts';
import { Thread } from './Thread.tsx';
import { useComments } from './useComments.ts';

/** What people say about a video: threads, and a field for a new one. */
export function Discussion({ video, player }: { video: VideoView; player: ReplayPlayer | undefined }) {
  const { first, all, error, order, chooseOrder, hasMore, showMore, reload } = useComments(video);
  const { data: person } = useLoaded((signal) => api.getProfile({}, { signal }), []);
  const { data: course } = useLoaded((signal) => api.getCourse({ params: { courseId: video.courseId } }, { signal }), [video.courseId]);
  const isModerator = may(course?.role ?? undefined, 'comment.moderate');
  const open = useToastedAction(async () => {
    await api.setVideoDiscussion({ params: { videoId: video.id }, body: { isOpen: !first?.isOpen } });
    reload();
  });
  if (!first || !all) return error ? <LoadFailure error={error} onRetry={reload} /> : <SkeletonList rows={2} height="4rem" />;
  const canWrite = first.obstacle === null;
  const actions = { userId: person?.id, isModerator, canWrite, onChanged: reload, onSeek: (seconds: number) => player?.seekTo(seconds) };
  return (
    <section class="discussion" aria-labelledby="discussion-title">
      <div class="discussion__head">
        <h2 id="discussion-title">{first.count === 0 ? text.community.none : text.community.title(first.count)}</h2>
        {isModerator ? (
          <Button variant="quiet" isBusy={open.isBusy} onClick={() => open.run()}>
            {first.isOpen ? text.community.switchOff : text.community.switchOn}
          </Button>
        ) : null}
        {first.count > 1 ? <Select label={text.community.order} value={order} choices={commentOrders.map((value) => ({ value, label: text.community.orders[value] }))} onValue={(value) => chooseOrder(value as CommentOrder)} /> : null}
      </div>
      {first.obstacle === null ? null : <p class="comment__quiet">{text.community.obstacles[first.obstacle]}</p>}
      {canWrite ? <Composer label={text.community.write} submit={text.community.post} positionSeconds={player?.positionSeconds.value ?? 0} onSend={async (comment) => void (await sentComment(video, comment), reload())} /> : null}
      {all.length === 0 && canWrite ? <EmptyState title={text.community.none}>{text.community.noneText}</EmptyState> : null}
      <ul class="comments">
        {all.map((thread) => (
          <Thread key={`${thread.id} ${thread.editedAt ?? ''} ${thread.state}`} thread={thread} video={video} actions={actions} />
        ))}
      </ul>
      {hasMore ? (
        <Button isBusy={showMore.isBusy} onClick={() => showMore.run()}>
          {text.community.more}
        </Button>
      ) : null}
    </section>
  );
}
