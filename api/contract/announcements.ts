import * as z from 'zod';
import { cleanText, Instant, RecordId } from '#engine/contract';
import { CourseParams } from './courses.ts';
import { announcementPageSize, maxAnnouncementLength, maxAnnouncementPageSize, maxTitleLength } from './limits.ts';
import { NextCursor, pageQuery } from './paging.ts';
import { nothing, route } from './route.ts';
import { typedLine } from './text.ts';

export const Announcement = z.object({
  id: RecordId,
  title: z.string(),
  text: z.string().describe('Markdown.'),
  authorName: z.string(),
  isPinned: z.boolean(),
  isUnread: z.boolean().describe('Posted by someone else since you last marked the announcements of the course as read.'),
  createdAt: Instant,
  editedAt: Instant.nullable(),
});
export type Announcement = z.infer<typeof Announcement>;

const AnnouncementForm = z.object({
  title: typedLine({ max: maxTitleLength, empty: 'Give the announcement a title.' }),
  text: z.string().overwrite(cleanText).max(maxAnnouncementLength, `At most ${maxAnnouncementLength} characters.`).describe('Markdown.'),
  isPinned: z.boolean().default(false).describe('Shown above the others.'),
});
const AnnouncementParams = CourseParams.extend({ announcementId: RecordId });
const path = '/api/v1/courses/:courseId/announcements';

export const announcementRoutes = {
  listAnnouncements: route({
    method: 'GET',
    path,
    params: CourseParams,
    query: pageQuery({ size: announcementPageSize, maxSize: maxAnnouncementPageSize, filters: {} }),
    response: z.object({
      pinned: z.array(Announcement).describe('All pinned ones, the newest first. Only in the first page.'),
      announcements: z.array(Announcement).describe('The others, the newest first.'),
      nextCursor: NextCursor,
      unreadCount: z.number().int(),
    }),
    auth: 'user',
    summary: 'List the announcements of a course.',
  }),
  postAnnouncement: route({
    method: 'POST',
    path,
    params: CourseParams,
    body: AnnouncementForm,
    response: Announcement,
    status: 201,
    auth: 'user',
    summary: 'Post an announcement in a course.',
  }),
  getAnnouncement: route({
    method: 'GET',
    path: `${path}/:announcementId`,
    params: AnnouncementParams,
    response: Announcement,
    auth: 'user',
    summary: 'Get an announcement.',
  }),
  updateAnnouncement: route({
    method: 'PUT',
    path: `${path}/:announcementId`,
    params: AnnouncementParams,
    body: z.object({ title: AnnouncementForm.shape.title.optional(), text: AnnouncementForm.shape.text.optional(), isPinned: z.boolean().optional() }),
    response: Announcement,
    auth: 'user',
    summary: 'Edit an announcement, or pin it.',
  }),
  deleteAnnouncement: route({
    method: 'DELETE',
    path: `${path}/:announcementId`,
    params: AnnouncementParams,
    response: nothing,
    status: 204,
    auth: 'user',
    summary: 'Delete an announcement.',
  }),
  readAnnouncements: route({
    method: 'PUT',
    path: '/api/v1/courses/:courseId/announcements-read',
    params: CourseParams,
    body: z.object({ until: Instant.describe('`createdAt` of the newest announcement that you have seen.') }),
    response: nothing,
    status: 204,
    auth: 'user',
    summary: 'Mark the announcements of a course as read.',
  }),
};
