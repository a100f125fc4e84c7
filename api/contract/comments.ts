import * as z from 'zod';
import { cleanText, CourseId, CourseRole, Instant, LectureId, RecordId, UserId, VideoId } from '#engine/contract';
import { commentPageSize, maxBlockedWordLength, maxBlockedWords, maxCommentEdits, maxCommentLength, maxCommentMoments, maxCommentPageSize, maxCommentPauseSeconds, maxMentions, maxMentionSuggestions, maxMutedPeople, maxPinnedComments } from './commentLimits.ts';
import { VideoParams } from './content.ts';
import { CourseParams } from './courses.ts';
import { maxPositionSeconds } from './limits.ts';
import { NextCursor, pageQuery } from './paging.ts';
import { Person } from './people.ts';
import { nothing, route } from './route.ts';

/** What a person thinks of a video or a comment. */
export const Rating = z.enum(['like', 'dislike']);
export type Rating = z.infer<typeof Rating>;

const Count = z.number().int().min(0);

export const RatingSummary = z.object({
  likes: Count,
  dislikes: Count.nullable().describe('Null for those who do not manage the course.'),
  mine: Rating.nullable(),
});
export type RatingSummary = z.infer<typeof RatingSummary>;

/** `shown`; `held`: waits for a moderator, and only its author and moderators see it; `deleted`: its text is gone, and replies to it are left. */
export const CommentState = z.enum(['shown', 'held', 'deleted']);
export type CommentState = z.infer<typeof CommentState>;

/**
 * A comment on a video or a lecture, or a reply to one. A lecture and its recording have one discussion. Replies are in one level: a
 * reply to a reply belongs to the same thread.
 */
export const Comment = z.object({
  id: RecordId,
  courseId: CourseId,
  lectureId: LectureId.nullable().describe('The lecture, also for a comment on its recording; null for a comment on an uploaded video.'),
  videoId: VideoId.nullable().describe('The uploaded video; null for a comment on a lecture.'),
  threadId: RecordId.nullable().describe('The comment that began the thread; null for that comment itself.'),
  replyToId: RecordId.nullable().describe('The reply that this one answers; null for a reply to the thread.'),
  author: Person.nullable().describe('Null for a person whose account was deleted, and for a deleted comment.'),
  authorRole: CourseRole.nullable().describe('In the course, now; null for somebody who left it.'),
  text: z.string().describe('Markdown without raw HTML and without pictures; empty when it was deleted.'),
  mentions: z.array(Person).describe('Those who are named in the text as `@` and their name.'),
  atSeconds: z.number().nullable().describe('The moment of the video that it is about, as viewers see the video.'),
  state: CommentState,
  isPinned: z.boolean(),
  isAnswer: z.boolean().describe('A moderator has marked it as the answer to its thread.'),
  hasAnswer: z.boolean().describe('A reply of its thread is marked as the answer.'),
  replyCount: Count,
  ratings: RatingSummary,
  createdAt: Instant,
  editedAt: Instant.nullable(),
});
export type Comment = z.infer<typeof Comment>;

/** The order of comments. `moment`: those about a moment of the video, in its order. `top`: the most likes first. */
export const commentOrders = ['newest', 'oldest', 'top', 'moment'] as const;
export const CommentOrder = z.enum(commentOrders);
export type CommentOrder = z.infer<typeof CommentOrder>;

/** Why somebody cannot comment now. */
export const CommentObstacle = z.enum(['closed', 'muted', 'archived']);
export type CommentObstacle = z.infer<typeof CommentObstacle>;

const CommentPage = z.object({
  pinned: z.array(Comment).max(maxPinnedComments).describe('In the first page, whatever the order.'),
  comments: z.array(Comment),
  nextCursor: NextCursor,
  count: Count.describe('Of all comments and replies that are shown.'),
  isOpen: z.boolean().describe('Comments on this video or lecture are switched on.'),
  obstacle: CommentObstacle.nullable().describe('Why you cannot comment; null when you can.'),
});
export type CommentPage = z.infer<typeof CommentPage>;

const CommentText = z.string().max(maxCommentLength, `At most ${maxCommentLength} characters.`).overwrite(cleanText).min(1, 'Write something.');
const Mentions = z.array(UserId).max(maxMentions, `At most ${maxMentions} people.`);

const NewComment = z.object({
  text: CommentText,
  mentions: Mentions.default([]).describe('People in the course whose name is in the text after `@`. Others are ignored.'),
  replyToId: RecordId.optional().describe('The comment or reply that it answers.'),
  atSeconds: z.number().min(0).max(maxPositionSeconds).optional().describe('The moment of the video that it is about. Not of a reply.'),
});
export type NewComment = z.infer<typeof NewComment>;

/** How people of a course may discuss. */
export const Discussion = z.object({
  isOpen: z.boolean().describe('Comments are switched on. Otherwise those that exist can be read.'),
  hold: z.enum(['none', 'links', 'all']).describe('Which comments of students wait for a moderator: none, those with a link, or all.'),
  blockedWords: z.array(z.string().trim().min(2).max(maxBlockedWordLength)).max(maxBlockedWords).describe('A comment with one of these words waits for a moderator.'),
  pauseSeconds: z.number().int().min(0).max(maxCommentPauseSeconds).describe('A student comments at most once in this time (slow mode); 0: no limit.'),
});
export type Discussion = z.infer<typeof Discussion>;

export const MutedPerson = z.object({ person: Person, mutedAt: Instant, until: Instant.nullable().describe('Null: until they are unmuted.') });
export type MutedPerson = z.infer<typeof MutedPerson>;

const LectureParams = z.object({ lectureId: LectureId });
const CommentParams = CourseParams.extend({ commentId: RecordId });
const Page = pageQuery({ size: commentPageSize, maxSize: maxCommentPageSize, filters: { order: CommentOrder.default('newest') } });
const ofVideo = '/api/v1/content/:videoId/comments';
const ofLecture = '/api/v1/lectures/:lectureId/comments';
const one = '/api/v1/courses/:courseId/comments/:commentId';
const discussion = '/api/v1/courses/:courseId/discussion';

export const commentRoutes = {
  listVideoComments: route({ method: 'GET', path: ofVideo, params: VideoParams, query: Page, response: CommentPage, auth: 'user', summary: 'List the comments on a video.' }),
  postVideoComment: route({ method: 'POST', path: ofVideo, params: VideoParams, body: NewComment, response: Comment, status: 201, auth: 'user', summary: 'Comment on a video, or reply to a comment on it.' }),
  listCommentMoments: route({
    method: 'GET',
    path: '/api/v1/content/:videoId/comment-moments',
    params: VideoParams,
    response: z.object({ moments: z.array(z.object({ commentId: RecordId, atSeconds: z.number() })).max(maxCommentMoments) }),
    auth: 'user',
    summary: 'List the moments of a video that have comments, for its seek bar.',
  }),
  listLectureComments: route({ method: 'GET', path: ofLecture, params: LectureParams, query: Page, response: CommentPage, auth: 'user', summary: 'List the comments on a lecture, also before it begins.' }),
  postLectureComment: route({ method: 'POST', path: ofLecture, params: LectureParams, body: NewComment, response: Comment, status: 201, auth: 'user', summary: 'Comment on a lecture, or reply to a comment on it.' }),
  listReplies: route({
    method: 'GET',
    path: `${one}/replies`,
    params: CommentParams,
    query: pageQuery({ size: commentPageSize, maxSize: maxCommentPageSize, filters: {} }),
    response: z.object({ replies: z.array(Comment).describe('The oldest first.'), nextCursor: NextCursor }),
    auth: 'user',
    summary: 'List the replies of a thread.',
  }),
  getComment: route({
    method: 'GET',
    path: one,
    params: CommentParams,
    response: Comment.extend({ edits: z.array(z.object({ text: z.string(), writtenAt: Instant })).max(maxCommentEdits).describe('Earlier texts, the newest first. Empty for those who neither wrote it nor moderate.') }),
    auth: 'user',
    summary: 'Get a comment, with its earlier texts.',
  }),
  updateComment: route({ method: 'PUT', path: one, params: CommentParams, body: z.object({ text: CommentText, mentions: Mentions.default([]) }), response: Comment, auth: 'user', summary: 'Change the text of your comment. Moderators can read the earlier texts.' }),
  deleteComment: route({ method: 'DELETE', path: one, params: CommentParams, response: nothing, status: 204, auth: 'user', summary: 'Delete your comment; moderators delete any. Its replies stay.' }),
  rateComment: route({ method: 'PUT', path: `${one}/rating`, params: CommentParams, body: z.object({ rating: Rating.nullable() }), response: RatingSummary, auth: 'user', summary: 'Like or dislike a comment, or take that back.' }),
};

export const moderationRoutes = {
  pinComment: route({ method: 'PUT', path: `${one}/pin`, params: CommentParams, body: z.object({ isPinned: z.boolean() }), response: Comment, auth: 'user', summary: 'Show a comment above the others.' }),
  markAnswer: route({ method: 'PUT', path: `${one}/answer`, params: CommentParams, body: z.object({ isAnswer: z.boolean() }), response: Comment, auth: 'user', summary: 'Mark a reply as the answer to its thread.' }),
  approveComment: route({ method: 'POST', path: `${one}/approve`, params: CommentParams, response: Comment, auth: 'user', summary: 'Show a comment that waits for a moderator.' }),
  listHeldComments: route({
    method: 'GET',
    path: '/api/v1/courses/:courseId/held-comments',
    params: CourseParams,
    query: pageQuery({ size: commentPageSize, maxSize: maxCommentPageSize, filters: {} }),
    response: z.object({ comments: z.array(Comment).describe('The oldest first.'), nextCursor: NextCursor }),
    auth: 'user',
    summary: 'List the comments of a course that wait for a moderator.',
  }),
  getDiscussion: route({ method: 'GET', path: discussion, params: CourseParams, response: Discussion, auth: 'user', summary: 'Get how people of a course may discuss.' }),
  updateDiscussion: route({ method: 'PUT', path: discussion, params: CourseParams, body: Discussion, response: Discussion, auth: 'user', summary: 'Change how people of a course may discuss.' }),
  setVideoDiscussion: route({ method: 'PUT', path: '/api/v1/content/:videoId/discussion', params: VideoParams, body: z.object({ isOpen: z.boolean() }), response: nothing, status: 204, auth: 'user', summary: 'Switch the comments on a video on or off; for a recording, also those on its lecture.' }),
  listMuted: route({ method: 'GET', path: '/api/v1/courses/:courseId/muted', params: CourseParams, response: z.object({ muted: z.array(MutedPerson).max(maxMutedPeople) }), auth: 'user', summary: 'List who cannot comment in a course.' }),
  mutePerson: route({
    method: 'PUT',
    path: '/api/v1/courses/:courseId/muted/:userId',
    params: CourseParams.extend({ userId: UserId }),
    body: z.object({ hours: z.number().int().min(1).max(24 * 365).nullable().describe('Null: until they are unmuted.') }),
    response: nothing,
    status: 204,
    auth: 'user',
    summary: 'Let a student of a course read comments only.',
  }),
  unmutePerson: route({ method: 'DELETE', path: '/api/v1/courses/:courseId/muted/:userId', params: CourseParams.extend({ userId: UserId }), response: nothing, status: 204, auth: 'user', summary: 'Let a person comment again.' }),
  listMentionable: route({
    method: 'GET',
    path: '/api/v1/courses/:courseId/mentionable',
    params: CourseParams,
    query: z.object({ prefix: z.string().trim().min(1).max(50).describe('The first letters of the name.') }),
    response: z.object({ people: z.array(Person).max(maxMentionSuggestions) }),
    auth: 'user',
    summary: 'Find people of a course to mention, by the beginning of their name.',
  }),
};

export const ratingRoutes = {
  getVideoRating: route({ method: 'GET', path: '/api/v1/content/:videoId/rating', params: VideoParams, response: RatingSummary, auth: 'user', summary: 'Get the likes of a video, and yours.' }),
  rateVideo: route({ method: 'PUT', path: '/api/v1/content/:videoId/rating', params: VideoParams, body: z.object({ rating: Rating.nullable() }), response: RatingSummary, auth: 'user', summary: 'Like or dislike a video, or take that back.' }),
  listRatings: route({
    method: 'GET',
    path: '/api/v1/courses/:courseId/ratings',
    params: CourseParams,
    response: z.object({ videos: z.array(z.object({ videoId: VideoId, title: z.string(), likes: Count, dislikes: Count })).describe('Those that somebody has rated, the most ratings first.') }),
    auth: 'user',
    summary: 'List the likes and dislikes of the videos of a course.',
  }),
};
