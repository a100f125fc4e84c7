import { CodedError } from '#engine/contract';
import type { CourseRole, UserId } from '#engine/contract';
import { toInstant } from '#engine/kernel';
import type { Clock } from '#engine/kernel';
import type { Handlers } from '../access/index.ts';
import type { AccountStore } from '../accounts/AccountStore.ts';
import type { CommentOrder, commentRoutes, moderationRoutes, ratingRoutes } from '../contract/index.ts';
import { maxListedVideos, maxMentionSuggestions } from '../contract/index.ts';
import type { EnrolmentStore } from '../courses/EnrolmentStore.ts';
import { personView } from '../people/peopleHandlers.ts';
import type { VideoCatalog } from '../content/VideoCatalog.ts';
import type { People } from '../enrolment/People.ts';
import type { Comments } from './Comments.ts';
import type { CommentRow, CommentStore, PlaceInPages } from './CommentStore.ts';
import { onlookerOf, ratingView } from './CommentViews.ts';
import type { CommentViews } from './CommentViews.ts';
import type { DiscussionStore } from './DiscussionStore.ts';
import type { RatingStore } from './RatingStore.ts';
import { atSecondsOf } from './Subjects.ts';
import type { Subject, Subjects } from './Subjects.ts';

export interface CommunityOptions {
  comments: CommentStore;
  ratings: RatingStore;
  discussions: DiscussionStore;
  writing: Comments;
  views: CommentViews;
  subjects: Subjects;
  accounts: AccountStore;
  enrolments: EnrolmentStore;
  people: Pick<People, 'beginningWith'>;
  videoCatalog: VideoCatalog;
  clock: Clock;
}

interface Viewer {
  userId: UserId;
  role: CourseRole;
}

/** What the routes of comments have in common: a page of threads, and a comment by its id for somebody who may see it. */
function commentReading({ comments, writing, views, subjects }: CommunityOptions) {
  return {
    page: async (subject: Subject, { userId, role }: Viewer, query: PlaceInPages & { order: CommentOrder }) => {
      const onlooker = onlookerOf(userId, role);
      const [pinned, { rows, nextCursor }, count, isOpen, obstacle] = await Promise.all([
        query.cursor === undefined ? comments.pinned(subject.id) : [],
        comments.threads(subject.id, onlooker, query),
        comments.count(subject.id),
        writing.isOpen(subject),
        writing.obstacle(subject, { userId, role }),
      ]);
      const shown = await views.views([...pinned, ...rows], onlooker, () => subject);
      return { pinned: shown.slice(0, pinned.length), comments: shown.slice(pinned.length), nextCursor, count, isOpen, obstacle };
    },
    find: async ({ courseId, commentId }: Pick<CommentRow, 'courseId'> & { commentId: string }, { userId, role }: Viewer) => {
      const row = await comments.get(courseId, commentId);
      await subjects.requireVisible(row, userId);
      const onlooker = onlookerOf(userId, role);
      const isHidden = row.state === 'held' && row.authorId !== userId && !onlooker.isModerator;
      if (isHidden) throw new CodedError('comment.notFound', 'This comment was deleted. Reload the page to see the others.');
      return { row, subject: await subjects.ofComment(row), onlooker };
    },
  };
}

/** Reading and writing comments, and rating them. */
export function commentHandlers(options: CommunityOptions): Handlers<keyof typeof commentRoutes> {
  const { comments, ratings, writing, views, subjects, clock } = options;
  const { page, find } = commentReading(options);
  return {
    listVideoComments: async ({ params, query, caller, course }) => page(await subjects.ofVideo(params.videoId), { ...caller, ...course }, query),
    listLectureComments: async ({ params, query, caller, course }) => page(await subjects.ofLecture(params.lectureId, course.courseId), { ...caller, ...course }, query),
    postVideoComment: async ({ params, body, caller, course }) => {
      const subject = await subjects.ofVideo(params.videoId);
      return views.view(await writing.post(subject, { ...caller, ...course }, body), onlookerOf(caller.userId, course.role), subject);
    },
    postLectureComment: async ({ params, body, caller, course }) => {
      const subject = await subjects.ofLecture(params.lectureId, course.courseId);
      return views.view(await writing.post(subject, { ...caller, ...course }, body), onlookerOf(caller.userId, course.role), subject);
    },
    listCommentMoments: async ({ params }) => {
      const subject = await subjects.ofVideo(params.videoId);
      const rows = await comments.moments(subject.id);
      const moments = rows.map((row) => ({ commentId: row._id, atSeconds: atSecondsOf(subject, row.atMs) }));
      return { moments: moments.filter((moment): moment is { commentId: string; atSeconds: number } => moment.atSeconds !== null) };
    },
    listReplies: async ({ params, query, caller, course }) => {
      const { row, subject, onlooker } = await find(params, { ...caller, ...course });
      const { rows, nextCursor } = await comments.replies(row._id, onlooker, query);
      return { replies: await views.views(rows, onlooker, () => subject), nextCursor };
    },
    getComment: async ({ params, caller, course }) => {
      const { row, subject, onlooker } = await find(params, { ...caller, ...course });
      const maySeeEdits = onlooker.isModerator || row.authorId === caller.userId;
      return { ...(await views.view(row, onlooker, subject)), edits: maySeeEdits ? row.edits : [] };
    },
    updateComment: async ({ params, body, caller, course }) => {
      const author = { ...caller, ...course };
      const { row, subject, onlooker } = await find(params, author);
      return views.view(await writing.rewrite(subject, row, { author, ...body }), onlooker, subject);
    },
    deleteComment: async ({ params, caller, course }) => {
      const { row } = await find(params, { ...caller, ...course });
      await writing.remove(row, { ...caller, ...course });
      return null;
    },
    rateComment: async ({ params, body, caller, course }) => {
      const { row, onlooker } = await find(params, { ...caller, ...course });
      await ratings.set({ targetId: row._id, courseId: row.courseId, userId: caller.userId }, body.rating, toInstant(clock.nowMs()));
      const summary = await ratings.summary(row._id, caller.userId);
      await comments.setLikeCount(row._id, summary.likes);
      return ratingView(summary, onlooker);
    },
  };
}

/** What moderators do, and whom one can mention. */
export function moderationHandlers({ comments, discussions, writing, views, subjects, accounts, enrolments, people, clock }: CommunityOptions): Handlers<keyof typeof moderationRoutes> {
  const changed = async (row: CommentRow, { userId, role }: Viewer) => views.view(row, onlookerOf(userId, role), await subjects.ofComment(row));
  return {
    pinComment: async ({ params, body, caller, course }) => changed(await writing.pin(await comments.get(params.courseId, params.commentId), body.isPinned), { ...caller, ...course }),
    markAnswer: async ({ params, body, caller, course }) => changed(await writing.markAnswer(await comments.get(params.courseId, params.commentId), body.isAnswer), { ...caller, ...course }),
    approveComment: async ({ params, caller, course }) => changed(await comments.change(await comments.get(params.courseId, params.commentId), { state: 'shown' }), { ...caller, ...course }),
    listHeldComments: async ({ params, query, caller, course }) => {
      const { rows, nextCursor } = await comments.held(params.courseId, query);
      const found = new Map(await Promise.all(rows.map(async (row) => [row.subjectId, await subjects.ofComment(row)] as const)));
      return { comments: await views.views(rows, onlookerOf(caller.userId, course.role), (row) => found.get(row.subjectId) as Subject), nextCursor };
    },
    getDiscussion: ({ params }) => discussions.rules(params.courseId),
    updateDiscussion: ({ params, body }) => discussions.setRules(params.courseId, body),
    setVideoDiscussion: async ({ params, body }) => {
      const { id, courseId } = await subjects.ofVideo(params.videoId);
      await discussions.setClosed(id, courseId, !body.isOpen);
      return null;
    },
    listMuted: async ({ params }) => {
      const rows = await discussions.muted(params.courseId, toInstant(clock.nowMs()));
      const known = await accounts.findMany(rows.map(({ userId }) => userId));
      return { muted: rows.flatMap(({ userId, mutedAt, until }) => (known.has(userId) ? [{ person: personView(known.get(userId)!), mutedAt, until }] : [])) };
    },
    mutePerson: async ({ params: { courseId, userId }, body: { hours } }) => {
      const role = (await enrolments.find(courseId, userId))?.role;
      if (role !== 'student') throw new CodedError('enrolment.notFound', 'Only students of the course can be muted.');
      const nowMs = clock.nowMs();
      await discussions.mute({ courseId, userId, mutedAt: toInstant(nowMs), until: hours === null ? null : toInstant(nowMs + hours * 3600_000) });
      return null;
    },
    unmutePerson: async ({ params }) => {
      await discussions.unmute(params.courseId, params.userId);
      return null;
    },
    listMentionable: async ({ params, query }) => {
      const found = await people.beginningWith(params.courseId, query.prefix, maxMentionSuggestions);
      return { people: found.map(({ account }) => personView(account)) };
    },
  };
}

/** Likes and dislikes of videos. */
export function ratingHandlers({ ratings, videoCatalog, clock }: CommunityOptions): Handlers<keyof typeof ratingRoutes> {
  return {
    getVideoRating: async ({ params, caller, course }) => ratingView(await ratings.summary(params.videoId, caller.userId), onlookerOf(caller.userId, course.role)),
    rateVideo: async ({ params, body, caller, course }) => {
      await ratings.set({ targetId: params.videoId, courseId: course.courseId, userId: caller.userId }, body.rating, toInstant(clock.nowMs()));
      return ratingView(await ratings.summary(params.videoId, caller.userId), onlookerOf(caller.userId, course.role));
    },
    listRatings: async ({ params }) => {
      const videos = (await videoCatalog.ofCourse(params.courseId)).filter(({ hidden }) => hidden !== 'deleted').slice(0, maxListedVideos);
      const rated = await Promise.all(videos.map(async ({ id, title }) => ({ videoId: id, title, ...(await ratings.counts(id)) })));
      return { videos: rated.filter(({ likes, dislikes }) => likes + dislikes > 0).toSorted((a, b) => b.likes + b.dislikes - (a.likes + a.dislikes)) };
    },
  };
}
