import type { CommentOrder, CommentPage, VideoView } from '#api/contract';
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

interface DiscussionProps {
  video: VideoView;
  player: ReplayPlayer | undefined;
}

/** What people say about a video: threads, and a field for a new one. */
export function Discussion({ video, player }: DiscussionProps) {
  const discussion = useComments(video);
  const { first, all, error, hasMore, showMore, reload } = discussion;
  const actions = useActions(video, { player, reload });
  if (!first || !all) return error ? <LoadFailure error={error} onRetry={reload} /> : <SkeletonList rows={2} height="4rem" />;
  const canWrite = first.obstacle === null;
  return (
    <section class="discussion" aria-labelledby="discussion-title">
      <Head video={video} first={first} discussion={discussion} isModerator={actions.isModerator} />
      {first.obstacle === null ? null : <p class="comment__quiet">{text.community.obstacles[first.obstacle]}</p>}
      {canWrite ? <NewComment video={video} player={player} onSent={reload} /> : null}
      {all.length === 0 && canWrite ? <EmptyState title={text.community.none}>{text.community.noneText}</EmptyState> : null}
      <ul class="comments">
        {all.map((thread) => (
          <Thread key={`${thread.id} ${thread.editedAt ?? ''} ${thread.state}`} thread={thread} video={video} actions={{ ...actions, canWrite }} />
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

function useActions({ courseId }: VideoView, { player, reload }: { player: ReplayPlayer | undefined; reload: () => void }) {
  const { data: person } = useLoaded((signal) => api.getProfile({}, { signal }), []);
  const { data: course } = useLoaded((signal) => api.getCourse({ params: { courseId } }, { signal }), [courseId]);
  return { userId: person?.id, isModerator: may(course?.role ?? undefined, 'comment.moderate'), onChanged: reload, onSeek: (seconds: number) => player?.seekTo(seconds) };
}

function NewComment({ video, player, onSent }: DiscussionProps & { onSent: () => void }) {
  const send = async (comment: { text: string; atSeconds?: number }) => {
    await sentComment(video, comment);
    onSent();
  };
  return <Composer label={text.community.write} submit={text.community.post} positionSeconds={player?.positionSeconds.value ?? 0} onSend={send} />;
}

interface HeadProps {
  video: VideoView;
  first: CommentPage;
  discussion: Pick<ReturnType<typeof useComments>, 'order' | 'chooseOrder' | 'reload'>;
  isModerator: boolean;
}

function Head({ video, first, discussion, isModerator }: HeadProps) {
  const { order, chooseOrder, reload } = discussion;
  const open = useToastedAction(async () => {
    await api.setVideoDiscussion({ params: { videoId: video.id }, body: { isOpen: !first.isOpen } });
    reload();
  });
  return (
    <div class="discussion__head">
      <h2 id="discussion-title">{text.community.title(first.count)}</h2>
      {isModerator ? (
        <Button variant="quiet" isBusy={open.isBusy} onClick={() => open.run()}>
          {first.isOpen ? text.community.switchOff : text.community.switchOn}
        </Button>
      ) : null}
      {first.count > 1 ? <Select label={text.community.order} value={order} choices={commentOrders.map((value) => ({ value, label: text.community.orders[value] }))} onValue={(value) => chooseOrder(value as CommentOrder)} /> : null}
    </div>
  );
}
