import type { Comment, VideoView } from '#api/contract';
import { api } from '../app/services.ts';
import { showToast } from '../design/index.ts';
import { text } from '../text/index.ts';

/** Posts a comment, and says so when others do not see it yet. */
export async function sentComment({ id: videoId }: VideoView, body: { text: string; atSeconds?: number; replyToId?: string }): Promise<Comment> {
  const comment = await api.postVideoComment({ params: { videoId }, body });
  if (comment.state === 'held') showToast({ text: text.community.heldNotice });
  return comment;
}
