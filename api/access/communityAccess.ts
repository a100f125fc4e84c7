import type { commentRoutes, moderationRoutes, ratingRoutes } from '../contract/index.ts';
import type { RouteAccess } from './accessRule.ts';

type CommunityRoute = keyof typeof commentRoutes | keyof typeof moderationRoutes | keyof typeof ratingRoutes;

/** What comments and ratings require. The handlers also ask whether the caller may see what is discussed. */
export const communityAccess = {
  listVideoComments: { course: 'comment.read' },
  listCommentMoments: { course: 'comment.read' },
  listLectureComments: { course: 'comment.read' },
  listReplies: { course: 'comment.read' },
  getComment: { course: 'comment.read' },
  rateComment: { course: 'comment.read' },
  listMentionable: { course: 'comment.read' },
  postVideoComment: { course: 'comment.post' },
  postLectureComment: { course: 'comment.post' },
  updateComment: { course: 'comment.post' },
  deleteComment: { course: 'comment.post' },
  pinComment: { course: 'comment.moderate' },
  markAnswer: { course: 'comment.moderate' },
  approveComment: { course: 'comment.moderate' },
  listHeldComments: { course: 'comment.moderate' },
  getDiscussion: { course: 'comment.moderate' },
  updateDiscussion: { course: 'comment.moderate' },
  setVideoDiscussion: { course: 'comment.moderate' },
  listMuted: { course: 'comment.moderate' },
  mutePerson: { course: 'comment.moderate' },
  unmutePerson: { course: 'comment.moderate' },
  getVideoRating: { course: 'lecture.watch' },
  rateVideo: { course: 'lecture.watch' },
  listRatings: { course: 'video.manage' },
} as const satisfies Record<CommunityRoute, RouteAccess>;
