import * as z from 'zod';
import { Instant, LectureId, UserId, VideoId } from '#engine/contract';
import { CourseParams } from './courses.ts';
import { learnerPageSize, maxLearnerPageSize } from './limits.ts';
import { NextCursor, pageQuery } from './paging.ts';
import { route } from './route.ts';

const Share = z.number().min(0).max(1);

/** A lecture that was held, and what you have seen of it. */
export const OwnLectureProgress = z.object({
  lectureId: LectureId,
  title: z.string(),
  startedAt: Instant.nullable(),
  presentShare: Share.nullable().describe('The part of the live lecture during which you were in its room. Null until it is summed up, soon after its end.'),
  isAttended: z.boolean().describe('You were present for at least `attendedFrom`.'),
  videoId: VideoId.nullable(),
  watchedShare: Share.nullable().describe('The part of the recording that you have watched. Null without a recording.'),
});
export type OwnLectureProgress = z.infer<typeof OwnLectureProgress>;

const Totals = {
  attendedCount: z.number().int().describe('Lectures attended live.'),
  watchedShare: Share.describe('Watched seconds of all recordings of the course together, as a share of their length.'),
};

export const LearnerProgress = z.object({
  userId: UserId,
  displayName: z.string(),
  email: z.string(),
  ...Totals,
  lastWatchedAt: Instant.nullable(),
});
export type LearnerProgress = z.infer<typeof LearnerProgress>;

const course = '/api/v1/courses/:courseId/progress';
const Held = {
  heldCount: z.number().int().describe('Lectures that were held and summed up.'),
  attendedFrom: Share.describe('The share of a live lecture for which one has to be present to attend it.'),
};

export const progressRoutes = {
  getOwnProgress: route({
    method: 'GET',
    path: `${course}/own`,
    params: CourseParams,
    response: z.object({ ...Held, ...Totals, lectures: z.array(OwnLectureProgress).describe('The latest first.') }),
    auth: 'user',
    summary: 'Get your own progress in a course.',
  }),
  listProgress: route({
    method: 'GET',
    path: course,
    params: CourseParams,
    query: pageQuery({ size: learnerPageSize, maxSize: maxLearnerPageSize, filters: {} }),
    response: z.object({ ...Held, recordedSeconds: z.number(), learners: z.array(LearnerProgress).describe('Students of the course, in the order of their ids.'), nextCursor: NextCursor }),
    auth: 'user',
    summary: 'List the progress of the students of a course.',
  }),
  exportProgress: route({
    method: 'GET',
    path: `${course}/csv`,
    params: CourseParams,
    response: z.object({ fileName: z.string(), csv: z.string().describe('UTF-8 with a header line. Cells that a spreadsheet would take for a formula begin with an apostrophe.') }),
    auth: 'user',
    summary: 'Get the progress of all students of a course as a table.',
  }),
};
