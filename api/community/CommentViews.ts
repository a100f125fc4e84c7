import { may } from '#engine/contract';
import type { CourseId, UserId } from '#engine/contract';
import { VideoId } from '#engine/contract';
import type { AccountStore } from '../accounts/AccountStore.ts';
import type { Comment, RatingSummary } from '../contract/index.ts';
import type { EnrolmentStore } from '../courses/EnrolmentStore.ts';
import { personView } from '../people/peopleHandlers.ts';
import type { CommentRow, CommentStore, Onlooker } from './CommentStore.ts';
import type { RatingStore } from './RatingStore.ts';
import { atSecondsOf, isLecture } from './Subjects.ts';
import type { Subject } from './Subjects.ts';

export interface CommentViewsOptions {
  comments: CommentStore;
  ratings: RatingStore;
  accounts: AccountStore;
  enrolments: Pick<EnrolmentStore, 'find'>;
}

/** Builds what people see of comments: names and pictures, numbers, and the moment in the video. */
export class CommentViews {
  readonly #options: CommentViewsOptions;

  constructor(options: CommentViewsOptions) {
    this.#options = options;
  }

  /** `subjectOf`: of each row, which may be of several. */
  async views(rows: readonly CommentRow[], onlooker: Onlooker, subjectOf: (row: CommentRow) => Subject): Promise<Comment[]> {
    const { accounts, ratings, comments } = this.#options;
    const people = await accounts.findMany([...new Set(rows.flatMap(({ authorId, mentions }) => [authorId, ...mentions]))]);
    const personOf = (userId: UserId) => {
      const account = people.get(userId);
      return account ? personView(account) : null;
    };
    const roles = await this.#rolesOf(rows);
    return Promise.all(
      rows.map(async (row): Promise<Comment> => {
        const { _id, courseId, subjectId, threadId, replyToId, authorId, text, mentions, state, isPinned, isAnswer, createdAt, editedAt } = row;
        const [summary, facts] = await Promise.all([ratings.summary(_id, onlooker.userId), threadId === null ? comments.threadFacts(_id) : { replyCount: 0, hasAnswer: false }]);
        return {
          ...{ id: _id, courseId, threadId, replyToId, text, state, isPinned, isAnswer, createdAt, editedAt, ...facts },
          ...(isLecture(subjectId) ? { lectureId: subjectId, videoId: null } : { lectureId: null, videoId: VideoId.parse(subjectId) }),
          author: personOf(authorId),
          authorRole: roles.get(authorId) ?? null,
          mentions: mentions.map(personOf).filter((person) => person !== null),
          atSeconds: atSecondsOf(subjectOf(row), row.atMs),
          ratings: ratingView(summary, onlooker),
        };
      }),
    );
  }

  async view(row: CommentRow, onlooker: Onlooker, subject: Subject): Promise<Comment> {
    const [view] = await this.views([row], onlooker, () => subject);
    return view as Comment;
  }

  async #rolesOf(rows: readonly CommentRow[]) {
    const places = new Map(rows.map(({ authorId, courseId }): [UserId, CourseId] => [authorId, courseId]));
    const found = await Promise.all([...places].map(async ([userId, courseId]) => [userId, (await this.#options.enrolments.find(courseId, userId))?.role] as const));
    return new Map(found);
  }
}

/** How many dislike something is for those who manage the course. */
export function ratingView({ likes, dislikes, mine }: RatingSummary, { isModerator }: Onlooker): RatingSummary {
  return { likes, dislikes: isModerator ? dislikes : null, mine };
}

export function onlookerOf(userId: UserId, role: Parameters<typeof may>[0]): Onlooker {
  return { userId, isModerator: may(role, 'comment.moderate') };
}
