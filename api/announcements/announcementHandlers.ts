import { CodedError, formerInstructorName } from '#engine/contract';
import type { CourseId, UserId } from '#engine/contract';
import { toInstant } from '#engine/kernel';
import type { Clock } from '#engine/kernel';
import type { Handlers } from '../access/index.ts';
import type { AccountStore } from '../accounts/AccountStore.ts';
import type { announcementRoutes } from '../contract/index.ts';
import { maxPinned } from '../learningLimits.ts';
import type { AnnouncementRow, AnnouncementStore } from './AnnouncementStore.ts';

export interface AnnouncementHandlersOptions {
  store: AnnouncementStore;
  accounts: AccountStore;
  clock: Clock;
}

export function announcementHandlers({ store, accounts, clock }: AnnouncementHandlersOptions): Handlers<keyof typeof announcementRoutes> {
  const viewer = async (rows: readonly AnnouncementRow[], userId: UserId, readUntil: string) => {
    const authors = await accounts.findMany([...new Set(rows.map(({ authorId }) => authorId))]);
    return ({ _id, authorId, ...row }: AnnouncementRow) => ({
      ...row,
      id: _id,
      authorName: authors.get(authorId)?.displayName ?? formerInstructorName,
      isUnread: authorId !== userId && row.createdAt > readUntil,
    });
  };
  const viewOne = async (row: AnnouncementRow, userId: UserId) => (await viewer([row], userId, await store.readUntil(userId, row.courseId)))(row);
  const requireRoomToPin = async (courseId: CourseId, announcementId?: string) => {
    const others = (await store.pinned(courseId)).filter(({ _id }) => _id !== announcementId);
    if (others.length >= maxPinned) throw new CodedError('limit.reached', `At most ${maxPinned} announcements can be pinned. Unpin another one first.`, { details: { field: 'isPinned' } });
  };
  return {
    listAnnouncements: async ({ params: { courseId }, query: { cursor, limit }, caller: { userId } }) => {
      const readUntil = await store.readUntil(userId, courseId);
      const [pinned, page, unreadCount] = await Promise.all([cursor === undefined ? store.pinned(courseId) : [], store.page(courseId, { cursor, limit }), store.countAfter(courseId, readUntil, userId)]);
      const view = await viewer([...pinned, ...page.rows], userId, readUntil);
      return { pinned: pinned.map(view), announcements: page.rows.map(view), nextCursor: page.nextCursor, unreadCount };
    },
    postAnnouncement: async ({ params: { courseId }, body, caller: { userId } }) => {
      if (body.isPinned) await requireRoomToPin(courseId);
      return viewOne(await store.add({ courseId, authorId: userId, ...body, createdAt: toInstant(clock.nowMs()) }), userId);
    },
    getAnnouncement: async ({ params: { courseId, announcementId }, caller: { userId } }) => viewOne(await store.get(courseId, announcementId), userId),
    updateAnnouncement: async ({ params: { courseId, announcementId }, body, caller: { userId } }) => {
      if (body.isPinned) await requireRoomToPin(courseId, announcementId);
      const isEdited = body.title !== undefined || body.text !== undefined;
      return viewOne(await store.update(courseId, announcementId, { ...body, ...(isEdited && { editedAt: toInstant(clock.nowMs()) }) }), userId);
    },
    deleteAnnouncement: async ({ params: { courseId, announcementId } }) => {
      await store.remove(courseId, announcementId);
      return null;
    },
    readAnnouncements: async ({ params: { courseId }, body: { until }, caller: { userId } }) => {
      // An instant to come would hide announcements that are not posted yet.
      const now = toInstant(clock.nowMs());
      await store.markRead(userId, courseId, until < now ? until : now);
      return null;
    },
  };
}
