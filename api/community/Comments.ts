// Responsible for writing, changing and moderating comments: who may write now, what waits for a moderator, and what mentions name.
import { CodedError, may } from '#engine/contract';
import type { CourseId, CourseRole, UserId } from '#engine/contract';
import { toInstant } from '#engine/kernel';
import type { Clock } from '#engine/kernel';
import type { AccountStore } from '../accounts/AccountStore.ts';
import { maxPinnedComments } from '../contract/index.ts';
import type { CommentObstacle, NewComment } from '../contract/index.ts';
import type { EnrolmentStore } from '../courses/EnrolmentStore.ts';
import { commentNotFound } from './CommentStore.ts';
import type { CommentRow, CommentStore } from './CommentStore.ts';
import type { DiscussionStore } from './DiscussionStore.ts';
import { heldBecause } from './heldBecause.ts';
import type { RatingStore } from './RatingStore.ts';
import { sourceMsOf } from './Subjects.ts';
import type { Subject } from './Subjects.ts';

export interface CommentsOptions {
  comments: CommentStore;
  ratings: RatingStore;
  discussions: DiscussionStore;
  accounts: Pick<AccountStore, 'findMany'>;
  enrolments: Pick<EnrolmentStore, 'among'>;
  clock: Clock;
}

export interface Author {
  userId: UserId;
  role: CourseRole;
}

export class Comments {
  readonly #options: CommentsOptions;

  constructor(options: CommentsOptions) {
    this.#options = options;
  }

  /** @throws CodedError `comment.closed`, `comment.muted`, `comment.tooSoon`, `comment.notFound` for a reply to what was deleted */
  async post(subject: Subject, author: Author, { text, mentions, replyToId, atSeconds }: NewComment): Promise<CommentRow> {
    const { comments } = this.#options;
    await this.#requireMayWrite(subject, author);
    const answered = replyToId === undefined ? undefined : await this.#answered(subject, replyToId);
    await this.#requirePause(subject.courseId, author);
    return comments.add({
      courseId: subject.courseId,
      subjectId: subject.id,
      threadId: answered ? (answered.threadId ?? answered._id) : null,
      replyToId: answered?.threadId == null ? null : answered._id,
      authorId: author.userId,
      text,
      mentions: await this.#named(subject.courseId, { text, mentions }),
      atMs: answered || atSeconds === undefined ? null : sourceMsOf(subject, atSeconds),
      state: await this.#stateOf(subject.courseId, author, text),
      createdAt: this.#now(),
    });
  }

  /** Only by its author. A new text is judged like a new comment. @throws CodedError `comment.notFound`, `comment.notYours`, `comment.closed`, `comment.muted` */
  async rewrite(subject: Subject, row: CommentRow, { author, text, mentions }: { author: Author; text: string; mentions: readonly UserId[] }): Promise<CommentRow> {
    if (row.state === 'deleted') throw commentNotFound();
    if (row.authorId !== author.userId) throw new CodedError('comment.notYours', 'Only the person who wrote a comment can change it. You can reply to it.');
    await this.#requireMayWrite(subject, author);
    if (text === row.text) return row;
    const judged = await this.#stateOf(row.courseId, author, text);
    const state = row.state === 'held' ? 'held' : judged;
    return this.#options.comments.rewrite(row, { text, mentions: await this.#named(row.courseId, { text, mentions }), state, editedAt: this.#now() });
  }

  /** By its author or a moderator. @throws CodedError `comment.notYours` */
  async remove(row: CommentRow, { userId, role }: Author): Promise<void> {
    if (row.authorId !== userId && !may(role, 'comment.moderate')) throw new CodedError('comment.notYours', 'Only the person who wrote a comment and moderators can delete it.');
    await this.#options.comments.remove(row);
    await this.#options.ratings.forgetTarget(row._id);
  }

  /** @throws CodedError `limit.reached`, `comment.notFound` */
  async pin(row: CommentRow, isPinned: boolean): Promise<CommentRow> {
    const { comments } = this.#options;
    if (row.threadId !== null) throw new CodedError('request.invalid', 'A reply cannot be pinned. Pin the comment that began the thread.');
    const others = (await comments.pinned(row.subjectId)).filter(({ _id }) => _id !== row._id);
    if (isPinned && others.length >= maxPinnedComments) throw new CodedError('limit.reached', `At most ${maxPinnedComments} comments can be pinned. Unpin another one first.`);
    return comments.change(row, { isPinned });
  }

  /** @throws CodedError `comment.notFound`, `request.invalid` */
  async markAnswer(row: CommentRow, isAnswer: boolean): Promise<CommentRow> {
    if (row.threadId === null) throw new CodedError('request.invalid', 'Only a reply can be the answer to a thread.');
    return this.#options.comments.change(row, { isAnswer });
  }

  /** Why the person cannot write now; null if they can. */
  async obstacle({ id, courseId }: Subject, { userId, role }: Author): Promise<CommentObstacle | null> {
    const { discussions } = this.#options;
    if (may(role, 'comment.moderate')) return null;
    if (!(await this.isOpen({ id, courseId }))) return 'closed';
    return (await discussions.isMuted(courseId, userId, this.#now())) ? 'muted' : null;
  }

  async isOpen({ id, courseId }: Pick<Subject, 'id' | 'courseId'>): Promise<boolean> {
    const { discussions } = this.#options;
    const [rules, isClosed] = await Promise.all([discussions.rules(courseId), discussions.isClosed(id)]);
    return rules.isOpen && !isClosed;
  }

  async #requireMayWrite(subject: Subject, author: Author): Promise<void> {
    const obstacle = await this.obstacle(subject, author);
    if (obstacle === 'closed') throw new CodedError('comment.closed', 'Comments are switched off here. You can read those that exist.');
    if (obstacle === 'muted') throw new CodedError('comment.muted', 'You cannot comment in this course: the instructor muted you. You can still read the comments.');
  }

  async #requirePause(courseId: CourseId, { userId, role }: Author): Promise<void> {
    const { comments, discussions, clock } = this.#options;
    const { pauseSeconds } = await discussions.rules(courseId);
    if (pauseSeconds === 0 || may(role, 'comment.moderate')) return;
    const lastAt = await comments.lastAt(courseId, userId);
    const waitMs = lastAt === undefined ? 0 : Date.parse(lastAt) + pauseSeconds * 1000 - clock.nowMs();
    if (waitMs > 0) throw new CodedError('comment.tooSoon', `Slow mode is on. You can comment again in ${Math.ceil(waitMs / 1000)} s.`, { details: { retryAfterMs: waitMs } });
  }

  async #answered(subject: Subject, commentId: string): Promise<CommentRow> {
    const row = await this.#options.comments.get(subject.courseId, commentId);
    if (row.subjectId !== subject.id || row.state === 'deleted') throw commentNotFound();
    return row;
  }

  async #stateOf(courseId: CourseId, { role }: Author, text: string): Promise<'shown' | 'held'> {
    if (may(role, 'comment.moderate')) return 'shown';
    return heldBecause(text, await this.#options.discussions.rules(courseId)) === null ? 'shown' : 'held';
  }

  /** Those of the mentioned who are in the course and are named in the text. */
  async #named(courseId: CourseId, { text, mentions }: { text: string; mentions: readonly UserId[] }): Promise<UserId[]> {
    if (mentions.length === 0) return [];
    const { accounts, enrolments } = this.#options;
    const members = await enrolments.among(courseId, [...new Set(mentions)]);
    const people = await accounts.findMany(members);
    return members.filter((userId) => {
      const name = people.get(userId)?.displayName;
      return name !== undefined && text.includes(`@${name}`);
    });
  }

  #now(): string {
    return toInstant(this.#options.clock.nowMs());
  }
}
