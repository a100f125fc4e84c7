import type { commentRoutes, moderationRoutes, ratingRoutes } from '../contract/index.ts';
import type { RouteAudits } from './auditRules.ts';

type CommunityRoute = keyof typeof commentRoutes | keyof typeof moderationRoutes | keyof typeof ratingRoutes;

/** What moderators do to others in discussions. What people write is in the comments themselves. */
export const communityAudit: Pick<RouteAudits, CommunityRoute> = {
  listVideoComments: 'none',
  listCommentMoments: 'none',
  listLectureComments: 'none',
  listReplies: 'none',
  getComment: 'none',
  rateComment: 'none',
  listMentionable: 'none',
  postVideoComment: 'none',
  postLectureComment: 'none',
  updateComment: 'none',
  listHeldComments: 'none',
  getDiscussion: 'none',
  listMuted: 'none',
  getVideoRating: 'none',
  rateVideo: 'none',
  listRatings: 'none',
  deleteComment: { action: 'comment.deleted', target: ['comment', ({ params }) => params.commentId] },
  pinComment: { action: 'comment.pinned', target: ['comment', ({ params }) => params.commentId], changes: ({ body }) => ({ isPinned: body.isPinned }) },
  markAnswer: { action: 'comment.markedAnswer', target: ['comment', ({ params }) => params.commentId], changes: ({ body }) => ({ isAnswer: body.isAnswer }) },
  approveComment: { action: 'comment.approved', target: ['comment', ({ params }) => params.commentId] },
  updateDiscussion: { action: 'discussion.changed', target: ['course', ({ params }) => params.courseId], changes: ({ body }) => ({ isOpen: body.isOpen, hold: body.hold, pauseSeconds: body.pauseSeconds }) },
  setVideoDiscussion: { action: 'discussion.changed', target: ['video', ({ params }) => params.videoId], changes: ({ body }) => ({ isOpen: body.isOpen }) },
  mutePerson: { action: 'person.mutedInComments', target: ['user', ({ params }) => params.userId], changes: ({ body }) => ({ hours: body.hours }) },
  unmutePerson: { action: 'person.unmutedInComments', target: ['user', ({ params }) => params.userId] },
};
