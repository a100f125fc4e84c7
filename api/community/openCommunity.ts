import type { AccessPolicy } from '#engine';
import type { CourseId } from '#engine/contract';
import type { Clock, Database } from '#engine/kernel';
import type { RemoveOfVideo, VideoStore } from '#recorder';
import type { AccountStore } from '../accounts/AccountStore.ts';
import type { VideoCatalog } from '../content/VideoCatalog.ts';
import type { EnrolmentStore } from '../courses/EnrolmentStore.ts';
import type { People } from '../enrolment/People.ts';
import { Comments } from './Comments.ts';
import { CommentStore } from './CommentStore.ts';
import { CommentViews } from './CommentViews.ts';
import { commentHandlers, moderationHandlers, ratingHandlers } from './communityHandlers.ts';
import { DiscussionStore } from './DiscussionStore.ts';
import { RatingStore } from './RatingStore.ts';
import { Subjects } from './Subjects.ts';

export interface CommunityPartsOptions {
  database: Database;
  accounts: AccountStore;
  enrolments: EnrolmentStore;
  people: Pick<People, 'beginningWith'>;
  videoCatalog: VideoCatalog;
  videos: Pick<VideoStore, 'get'>;
  policy: AccessPolicy;
  clock: Clock;
}

/** The handlers of comments and ratings. */
export function communityParts(options: CommunityPartsOptions) {
  const { database } = options;
  const [comments, ratings, discussions] = [new CommentStore(database), new RatingStore(database), new DiscussionStore(database)];
  const parts = { ...options, comments, ratings, discussions, subjects: new Subjects(options), views: new CommentViews({ ...options, comments, ratings }), writing: new Comments({ ...options, comments, ratings, discussions }) };
  return { ...commentHandlers(parts), ...moderationHandlers(parts), ...ratingHandlers(parts) };
}

/** Removes the likes of a video that is purged, and what was said about an upload. The discussion of a lecture belongs to the lecture. */
export function communityRemoval(database: Database): RemoveOfVideo {
  const [comments, ratings, discussions] = [new CommentStore(database), new RatingStore(database), new DiscussionStore(database)];
  return async ({ _id, lectureId }) => {
    await ratings.forgetTarget(_id);
    if (lectureId !== null) return;
    for (const commentId of await comments.idsOf(_id)) await ratings.forgetTarget(commentId);
    await comments.forgetSubject(_id);
    await discussions.forgetSubject(_id);
  };
}

/** Removes what was said and liked in a course that is erased. */
export async function forgetCommunityOf(database: Database, courseId: CourseId): Promise<void> {
  await new CommentStore(database).forgetCourse(courseId);
  await new RatingStore(database).forgetCourse(courseId);
  await new DiscussionStore(database).forgetCourse(courseId);
}
