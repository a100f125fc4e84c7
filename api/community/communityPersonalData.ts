import { withoutName } from '#engine';
import type { OpenPersonalSource } from '../personal/PersonalSource.ts';
import { CommentStore } from './CommentStore.ts';
import { DiscussionStore } from './DiscussionStore.ts';
import { RatingStore } from './RatingStore.ts';

/** The comments of the person, with their earlier texts. The erasure removes them; replies of others stay. */
export const commentPersonalData: OpenPersonalSource = ({ database }) => {
  const store = new CommentStore(database);
  return {
    name: 'comments',
    collections: ['comments', 'commentMentions'],
    rows: async ({ userId }) => (await store.byAuthor(userId)).map(({ courseId, text, createdAt, editedAt, edits, atMs }) => ({ courseId, text, createdAt, editedAt, edits, atMs })),
    erase: ({ userId, email, displayName }) => store.erasePerson(userId, (text, isOwn) => withoutName(text, { names: [displayName], marks: [email, userId, `@${displayName}`] }, isOwn)),
  };
};

/** What the person likes and dislikes. */
export const ratingPersonalData: OpenPersonalSource = ({ database }) => {
  const store = new RatingStore(database);
  return {
    name: 'ratings',
    collections: ['ratings'],
    rows: async ({ userId }) => (await store.ofUser(userId)).map(({ targetId, courseId, rating, ratedAt }) => ({ targetId, courseId, rating, ratedAt })),
    erase: ({ userId }) => store.removeAllOf(userId),
  };
};

/** In which courses the person cannot comment. */
export const mutedPersonalData: OpenPersonalSource = ({ database }) => {
  const store = new DiscussionStore(database);
  return {
    name: 'muted',
    collections: ['mutedCommenters'],
    rows: async ({ userId }) => (await store.mutedOf(userId)).map(({ courseId, mutedAt, until }) => ({ courseId, mutedAt, until })),
    erase: ({ userId }) => store.erasePerson(userId),
  };
};
