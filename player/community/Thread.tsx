import { useState } from 'preact/hooks';
import type { Comment, VideoView } from '#api/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { api } from '../app/services.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { Button, SkeletonList } from '../design/index.ts';
import { text } from '../text/index.ts';
import { CommentItem } from './CommentItem.tsx';
import type { CommentActions } from './CommentItem.tsx';
import { Composer } from './Composer.tsx';
import { sentComment } from './sentComment.ts';

interface ThreadProps {
  thread: Comment;
  video: VideoView;
  actions: Omit<CommentActions, 'onReply'>;
}

/** A comment with its replies, which are loaded when they are opened. */
export function Thread({ thread, video, actions }: ThreadProps) {
  const [isOpen, setOpen] = useState(false);
  const [answered, setAnswered] = useState<string>();
  const [sent, setSent] = useState(0);
  return (
    <li>
      <CommentItem comment={thread} actions={{ ...actions, onReply: () => setAnswered(thread.id) }} />
      <div class="comment__replies">
        {thread.replyCount + sent > 0 ? (
          <Button variant="quiet" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isOpen ? text.community.hideReplies : text.community.replies(thread.replyCount + sent)}
          </Button>
        ) : null}
        {isOpen ? <Replies key={sent} thread={thread} actions={actions} onReply={setAnswered} /> : null}
        {answered === undefined ? null : (
          <Composer
            label={text.community.writeReply}
            submit={text.community.send}
            onCancel={() => setAnswered(undefined)}
            onSend={async (comment) => {
              await sentComment(video, { ...comment, replyToId: answered });
              setAnswered(undefined);
              setSent(sent + 1);
              setOpen(true);
            }}
          />
        )}
      </div>
    </li>
  );
}

function Replies({ thread, actions, onReply }: Pick<ThreadProps, 'thread' | 'actions'> & { onReply: (commentId: string) => void }) {
  const params = { courseId: thread.courseId, commentId: thread.id };
  const [pages, setPages] = useState(1);
  const { data, error, reload } = useLoaded(async (signal) => {
    const replies: Comment[] = [];
    let cursor: string | null | undefined;
    for (let page = 0; page < pages && cursor !== null; page += 1) {
      const next = await api.listReplies({ params, query: cursor === undefined ? {} : { cursor } }, { signal });
      replies.push(...next.replies);
      cursor = next.nextCursor;
    }
    return { replies, hasMore: cursor !== null };
  }, [thread.id, pages]);
  if (!data) return error ? <LoadFailure error={error} onRetry={reload} /> : <SkeletonList rows={1} height="4rem" />;
  return (
    <>
      <ul class="comments comments--replies">
        {data.replies.map((reply) => (
          <li key={reply.id}>
            <CommentItem comment={reply} actions={{ ...actions, onChanged: reload, onReply: () => onReply(reply.id) }} />
          </li>
        ))}
      </ul>
      {data.hasMore ? <Button onClick={() => setPages(pages + 1)}>{text.community.more}</Button> : null}
    </>
  );
}
