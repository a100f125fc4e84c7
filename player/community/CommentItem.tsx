import { Check, CheckCheck, Ellipsis, Pencil, Pin, PinOff, ThumbsUp, Trash2 } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { Comment } from '#api/contract';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { Avatar, Badge, Button, ConfirmDialog, Menu, showToast } from '../design/index.ts';
import type { MenuItem } from '../design/index.ts';
import { Markdown } from '../markdown/Markdown.tsx';
import { formatClock, formatDateTime } from '../text/format.ts';
import { text } from '../text/index.ts';
import { Composer } from './Composer.tsx';

export interface CommentActions {
  /** The signed-in person. */
  userId: string | undefined;
  isModerator: boolean;
  canWrite: boolean;
  onSeek: (seconds: number) => void;
  onChanged: () => void;
  onReply: () => void;
}

/** One comment or reply with what one may do with it. */
export function CommentItem({ comment, actions }: { comment: Comment; actions: CommentActions }) {
  const [mode, setMode] = useState<'shown' | 'editing' | 'removing'>('shown');
  const params = { courseId: comment.courseId, commentId: comment.id };
  const name = comment.author?.displayName ?? text.community.former;
  const remove = useToastedAction(async () => {
    await api.deleteComment({ params });
    showToast({ text: text.community.removed });
    setMode('shown');
    actions.onChanged();
  });
  const items = useMenu(comment, { actions, onEdit: () => setMode('editing'), onRemove: () => setMode('removing') });
  if (comment.state === 'deleted') return <p class="comment__deleted">{text.community.deleted}</p>;
  return (
    <article class="comment" aria-label={name}>
      <Avatar name={name} imageId={comment.author?.avatarId ?? null} />
      <div class="comment__body">
        <Head comment={comment} name={name} onSeek={actions.onSeek} />
        {mode === 'editing' ? (
          <Composer
            label={text.community.edit}
            submit={text.community.save}
            initial={comment.text}
            onCancel={() => setMode('shown')}
            onSend={async (changed) => {
              await api.updateComment({ params, body: { text: changed.text, mentions: comment.mentions.map(({ userId }) => userId) } });
              setMode('shown');
              actions.onChanged();
            }}
          />
        ) : (
          <Markdown>{comment.text}</Markdown>
        )}
        <div class="comment__actions">
          <Like comment={comment} />
          {actions.canWrite ? (
            <Button variant="quiet" onClick={actions.onReply}>
              {text.community.reply}
            </Button>
          ) : null}
        </div>
      </div>
      {items.length > 0 ? <Menu label={text.community.menu(name)} isIconOnly trigger={<Ellipsis aria-hidden="true" />} items={items} /> : null}
      {mode === 'removing' ? (
        <ConfirmDialog title={text.community.removeTitle} message={comment.text.slice(0, 200)} confirmLabel={text.community.remove} isBusy={remove.isBusy} onConfirm={() => remove.run()} onClose={() => setMode('shown')} />
      ) : null}
    </article>
  );
}

function Head({ comment, name, onSeek }: { comment: Comment; name: string; onSeek: (seconds: number) => void }) {
  const { authorRole, atSeconds, createdAt, editedAt, isPinned, isAnswer, hasAnswer, state } = comment;
  return (
    <div class="comment__head">
      <strong dir="auto">{name}</strong>
      {authorRole === 'owner' || authorRole === 'assistant' ? <Badge>{text.community.roles[authorRole]}</Badge> : null}
      <span class="comment__quiet">{formatDateTime(createdAt)}</span>
      {editedAt === null ? null : <span class="comment__quiet">{text.community.edited}</span>}
      {atSeconds === null ? null : (
        <button type="button" class="comment__moment tabular" aria-label={text.community.jump(formatClock(atSeconds * 1000))} onClick={() => onSeek(atSeconds)}>
          {formatClock(atSeconds * 1000)}
        </button>
      )}
      {isPinned ? <Badge>{text.community.pinned}</Badge> : null}
      {isAnswer ? <Badge tone="good">{text.community.answer}</Badge> : null}
      {hasAnswer ? <Badge tone="good">{text.community.hasAnswer}</Badge> : null}
      {state === 'held' ? <Badge tone="warning">{text.community.held}</Badge> : null}
    </div>
  );
}

function Like({ comment }: { comment: Comment }) {
  const [ratings, setRatings] = useState(comment.ratings);
  const isLiked = ratings.mine === 'like';
  const like = useToastedAction(async () => setRatings(await api.rateComment({ params: { courseId: comment.courseId, commentId: comment.id }, body: { rating: isLiked ? null : 'like' } })));
  return (
    <Button variant="quiet" aria-pressed={isLiked} aria-label={text.community.like(ratings.likes)} isBusy={like.isBusy} onClick={() => like.run()}>
      <ThumbsUp aria-hidden="true" size={18} fill={isLiked ? 'currentColor' : 'none'} />
      <span class="tabular">{ratings.likes === 0 ? '' : ratings.likes}</span>
    </Button>
  );
}

function useMenu(comment: Comment, { actions, onEdit, onRemove }: { actions: CommentActions; onEdit: () => void; onRemove: () => void }): MenuItem[] {
  const params = { courseId: comment.courseId, commentId: comment.id };
  const change = useToastedAction(async (work: () => Promise<unknown>) => {
    await work();
    actions.onChanged();
  });
  const isMine = comment.author !== null && comment.author.userId === actions.userId;
  const { isPinned, isAnswer, threadId, state } = comment;
  const moderation: MenuItem[] = [
    ...(state === 'held' ? [{ key: 'approve', label: text.community.approve, icon: <Check aria-hidden="true" />, onSelect: () => change.run(() => api.approveComment({ params })) }] : []),
    threadId === null
      ? { key: 'pin', label: isPinned ? text.community.unpin : text.community.pin, icon: isPinned ? <PinOff aria-hidden="true" /> : <Pin aria-hidden="true" />, onSelect: () => change.run(() => api.pinComment({ params, body: { isPinned: !isPinned } })) }
      : { key: 'answer', label: isAnswer ? text.community.unmarkAnswer : text.community.markAnswer, icon: <CheckCheck aria-hidden="true" />, onSelect: () => change.run(() => api.markAnswer({ params, body: { isAnswer: !isAnswer } })) },
  ];
  return [
    ...(isMine && actions.canWrite ? [{ key: 'edit', label: text.community.edit, icon: <Pencil aria-hidden="true" />, onSelect: onEdit }] : []),
    ...(actions.isModerator ? moderation : []),
    ...(isMine || actions.isModerator ? [{ key: 'remove', label: text.community.remove, icon: <Trash2 aria-hidden="true" />, isDanger: true, onSelect: onRemove }] : []),
  ];
}
