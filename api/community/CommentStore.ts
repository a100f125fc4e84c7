import { CodedError, erasedUserId } from '#engine/contract';
import type { CourseId, LectureId, UserId, VideoId } from '#engine/contract';
import { newId } from '#engine/kernel';
import type { Collection, Database, Filter } from '#engine/kernel';
import { maxCommentEdits, maxCommentMoments, maxPinnedComments } from '../contract/index.ts';
import type { CommentOrder, CommentState } from '../contract/index.ts';
import { readMergedPage, readPage } from '../paging/index.ts';
import type { Page } from '../paging/index.ts';

export interface CommentRow {
  /** `cmt_…` */
  _id: string;
  courseId: CourseId;
  /** What is discussed: the lecture, also for its recording; or the uploaded video. */
  subjectId: LectureId | VideoId;
  /** The comment that began the thread; null for that one. */
  threadId: string | null;
  replyToId: string | null;
  authorId: UserId;
  text: string;
  mentions: UserId[];
  /** Milliseconds of source time. */
  atMs: number | null;
  state: CommentState;
  isPinned: boolean;
  isAnswer: boolean;
  createdAt: string;
  editedAt: string | null;
  /** Earlier texts, the newest first. */
  edits: { text: string; writtenAt: string }[];
  /** For the order by likes only: what is shown is counted. */
  likeCount: number;
}

/** Who looks: moderators see what is held, others see their own. */
export interface Onlooker {
  userId: UserId;
  isModerator: boolean;
}

export interface PlaceInPages {
  cursor?: string | undefined;
  limit: number;
}

const orders = {
  newest: { sortBy: 'createdAt', direction: -1 },
  oldest: { sortBy: 'createdAt', direction: 1 },
  top: { sortBy: 'likeCount', direction: -1 },
  moment: { sortBy: 'atMs', direction: 1 },
} as const satisfies Record<CommentOrder, { sortBy: keyof CommentRow; direction: 1 | -1 }>;

interface MentionRow {
  /** `<comment>.<user>` */
  _id: string;
  commentId: string;
  userId: UserId;
  courseId: CourseId;
}

/** Comments and replies, and whom they mention. Owns the collections `comments` and `commentMentions`. */
export class CommentStore {
  readonly #rows: Collection<CommentRow>;
  /** To find the comments that mention a person. */
  readonly #mentions: Collection<MentionRow>;

  constructor(database: Database) {
    this.#rows = database.collection<CommentRow>({
      name: 'comments',
      indexes: [
        { keys: { subjectId: 1, threadId: 1, state: 1, isPinned: 1, createdAt: -1, _id: -1 } },
        { keys: { subjectId: 1, threadId: 1, state: 1, isPinned: 1, likeCount: -1, _id: -1 } },
        { keys: { subjectId: 1, threadId: 1, state: 1, isPinned: 1, atMs: 1, _id: 1 } },
        { keys: { subjectId: 1, state: 1 } },
        { keys: { threadId: 1, state: 1, createdAt: 1, _id: 1 }, sparse: true },
        { keys: { courseId: 1, state: 1, createdAt: 1, _id: 1 } },
        { keys: { courseId: 1, authorId: 1, createdAt: -1 } },
        { keys: { authorId: 1 } },
      ],
    });
    this.#mentions = database.collection<MentionRow>({ name: 'commentMentions', indexes: [{ keys: { userId: 1 } }, { keys: { commentId: 1 } }, { keys: { courseId: 1 } }] });
  }

  async add(comment: Omit<CommentRow, '_id' | 'isPinned' | 'isAnswer' | 'editedAt' | 'edits' | 'likeCount'>): Promise<CommentRow> {
    const row: CommentRow = { _id: newId('cmt'), ...comment, isPinned: false, isAnswer: false, editedAt: null, edits: [], likeCount: 0 };
    await this.#mention(row);
    await this.#rows.insertOne(row);
    return row;
  }

  /** @throws CodedError `comment.notFound` */
  async get(courseId: CourseId, commentId: string): Promise<CommentRow> {
    const row = await this.#rows.findOne({ _id: commentId, courseId });
    if (!row) throw commentNotFound();
    return row;
  }

  /** Threads that are not pinned. @throws CodedError `page.notFound` */
  threads(subjectId: CommentRow['subjectId'], onlooker: Onlooker, { order, ...place }: PlaceInPages & { order: CommentOrder }): Promise<Page<CommentRow>> {
    const hasMoment: Filter<CommentRow> = order === 'moment' ? { atMs: { $gte: 0 } } : {};
    const filters = visibleTo(onlooker).map((filter) => ({ subjectId, threadId: null, isPinned: false, ...hasMoment, ...filter }));
    return readMergedPage(this.#rows, { list: `comments.${subjectId}.${order}`, filters, ...orders[order], ...place });
  }

  /** The newest first. */
  pinned(subjectId: CommentRow['subjectId']): Promise<CommentRow[]> {
    return this.#rows.find({ subjectId, threadId: null, state: 'shown', isPinned: true }, { sort: { createdAt: -1, _id: -1 }, limit: maxPinnedComments });
  }

  /** The oldest first. @throws CodedError `page.notFound` */
  replies(threadId: string, onlooker: Onlooker, place: PlaceInPages): Promise<Page<CommentRow>> {
    const filters = visibleTo(onlooker).map((filter) => ({ threadId, ...filter }));
    return readMergedPage(this.#rows, { list: `replies.${threadId}`, filters, sortBy: 'createdAt', direction: 1, ...place });
  }

  /** Those that wait for a moderator, the oldest first. @throws CodedError `page.notFound` */
  held(courseId: CourseId, place: PlaceInPages): Promise<Page<CommentRow>> {
    return readPage(this.#rows, { list: `held.${courseId}`, filter: { courseId, state: 'held' }, sortBy: 'createdAt', direction: 1, ...place });
  }

  /** Threads about a moment, in its order. */
  moments(subjectId: CommentRow['subjectId']): Promise<CommentRow[]> {
    return this.#rows.find({ subjectId, threadId: null, state: 'shown', atMs: { $gte: 0 } }, { sort: { atMs: 1, _id: 1 }, limit: maxCommentMoments });
  }

  count(subjectId: CommentRow['subjectId']): Promise<number> {
    return this.#rows.countDocuments({ subjectId, state: 'shown' });
  }

  /** Of replies that are shown, and whether one of them is the answer. */
  async threadFacts(threadId: string): Promise<{ replyCount: number; hasAnswer: boolean }> {
    const [replyCount, answers] = await Promise.all([this.#rows.countDocuments({ threadId, state: 'shown' }), this.#rows.countDocuments({ threadId, state: 'shown', isAnswer: true })]);
    return { replyCount, hasAnswer: answers > 0 };
  }

  /** ISO 8601; undefined for somebody who has not commented in the course. */
  async lastAt(courseId: CourseId, authorId: UserId): Promise<string | undefined> {
    const [last] = await this.#rows.find({ courseId, authorId }, { sort: { createdAt: -1 }, limit: 1 });
    return last?.createdAt;
  }

  /** @throws CodedError `comment.notFound` when it was deleted meanwhile */
  async rewrite({ _id, courseId, text, createdAt, editedAt, edits }: CommentRow, change: Pick<CommentRow, 'text' | 'mentions' | 'state'> & { editedAt: string }): Promise<CommentRow> {
    await this.#mention({ _id, courseId, mentions: change.mentions });
    const kept = [{ text, writtenAt: editedAt ?? createdAt }, ...edits].slice(0, maxCommentEdits);
    return this.#change({ _id, courseId, state: { $ne: 'deleted' } }, { ...change, edits: kept });
  }

  /** @throws CodedError `comment.notFound` when it was deleted meanwhile */
  change({ _id, courseId }: CommentRow, change: Partial<Pick<CommentRow, 'isPinned' | 'isAnswer' | 'state'>>): Promise<CommentRow> {
    return this.#change({ _id, courseId, state: { $ne: 'deleted' } }, change);
  }

  async setLikeCount(commentId: string, likeCount: number): Promise<void> {
    await this.#rows.updateOne({ _id: commentId, likeCount: { $ne: likeCount } }, { $set: { likeCount } });
  }

  /** Removes a comment, or only what it says while it has replies. */
  async remove({ _id, threadId }: CommentRow): Promise<void> {
    const hasReplies = threadId === null && (await this.#rows.findOne({ threadId: _id })) !== null;
    if (hasReplies) await this.#rows.updateOne({ _id }, { $set: { state: 'deleted', text: '', mentions: [], edits: [], atMs: null, isPinned: false, authorId: erasedUserId } });
    else await this.#rows.deleteOne({ _id });
    await this.#mentions.deleteMany({ commentId: _id });
    if (threadId !== null) await this.#removeEmptyThread(threadId);
  }

  byAuthor(authorId: UserId): Promise<CommentRow[]> {
    return this.#rows.find({ authorId });
  }

  /** What the person wrote goes, and the mentions of the person. Replies of others stay. */
  async erasePerson(userId: UserId, withoutName: (text: string, isOwn: boolean) => string): Promise<void> {
    for (const row of await this.byAuthor(userId)) await this.remove(row);
    for (const { commentId } of await this.#mentions.find({ userId })) {
      const row = await this.#rows.findOne({ _id: commentId });
      if (!row) continue;
      const { _id, text, mentions, edits } = row;
      const cleared = edits.map((edit) => ({ ...edit, text: withoutName(edit.text, false) }));
      await this.#rows.updateOne({ _id }, { $set: { text: withoutName(text, false), edits: cleared, mentions: mentions.filter((each) => each !== userId) } });
    }
    await this.#mentions.deleteMany({ userId });
  }

  async idsOf(subjectId: string): Promise<string[]> {
    return (await this.#rows.find({ subjectId: subjectId as CommentRow['subjectId'] })).map(({ _id }) => _id);
  }

  /** The comments on what is purged. */
  async forgetSubject(subjectId: string): Promise<void> {
    for (const commentId of await this.idsOf(subjectId)) await this.#mentions.deleteMany({ commentId });
    await this.#rows.deleteMany({ subjectId: subjectId as CommentRow['subjectId'] });
  }

  async forgetCourse(courseId: CourseId): Promise<void> {
    await this.#mentions.deleteMany({ courseId });
    await this.#rows.deleteMany({ courseId });
  }

  /** Written before the comment: a row of a comment that was not written after all harms nobody. */
  async #mention({ _id, courseId, mentions }: Pick<CommentRow, '_id' | 'courseId' | 'mentions'>): Promise<void> {
    for (const userId of mentions) await this.#mentions.updateOne({ _id: `${_id}.${userId}` }, { $set: { commentId: _id, courseId, userId } }, { upsert: true });
  }

  async #change(filter: Filter<CommentRow>, change: Partial<CommentRow>): Promise<CommentRow> {
    const row = await this.#rows.findOneAndUpdate(filter, { $set: change }, { returnDocument: 'after' });
    if (!row) throw commentNotFound();
    return row;
  }

  async #removeEmptyThread(threadId: string): Promise<void> {
    if (!(await this.#rows.findOne({ threadId }))) await this.#rows.deleteOne({ _id: threadId, state: 'deleted' });
  }
}

function visibleTo({ userId, isModerator }: Onlooker): Filter<CommentRow>[] {
  return [{ state: 'shown' }, { state: 'deleted' }, isModerator ? { state: 'held' } : { state: 'held', authorId: userId }];
}

export function commentNotFound(): CodedError {
  return new CodedError('comment.notFound', 'This comment was deleted. Reload the page to see the others.');
}
