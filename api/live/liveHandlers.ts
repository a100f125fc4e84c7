import { CodedError, joinTicketSeconds } from '#engine/contract';
import type { CourseId, LectureId, UserId } from '#engine/contract';
import { randomText, toInstant } from '#engine/kernel';
import type { Clock, TokenSigner } from '#engine/kernel';
import type { Handlers } from '../access/index.ts';
import type { WatchedVideos } from '../content/WatchedVideos.ts';
import type { liveRoutes } from '../contract/index.ts';
import type { CourseStore } from '../courses/CourseStore.ts';
import type { Courses } from '../courses/Courses.ts';
import type { LectureDirectory, LectureEntry } from '../lectures/LectureDirectory.ts';
import { isLive } from '../lectures/LectureViews.ts';
import type { LectureViews } from '../lectures/LectureViews.ts';
import { iceServersFor } from './iceServers.ts';
import type { IceConfig } from './iceServers.ts';

export interface LiveHandlersOptions {
  directory: LectureDirectory;
  views: LectureViews;
  courseStore: CourseStore;
  courses: Courses;
  watched: WatchedVideos;
  tokens: TokenSigner;
  clock: Clock;
  ice: IceConfig;
  /** Where the signaling connection is made on this server. */
  signaling: { namespace: string; path: string };
}

const homeListLength = 12;

export function liveHandlers(options: LiveHandlersOptions): Handlers<keyof typeof liveRoutes> {
  const { directory, views, courseStore, tokens, clock } = options;
  const starting = new Set<CourseId>();
  return {
    startLecture: async ({ body, course, caller }) => {
      if (starting.has(course.courseId)) throw new CodedError('lecture.alreadyLive', 'A lecture of this course is starting already.');
      starting.add(course.courseId);
      try {
        await requireNothingOnAir(directory, course.courseId, 'lectureId' in body ? body.lectureId : undefined);
        const { id } = 'lectureId' in body ? await directory.start(body.lectureId) : await startNow(directory, { ...body, createdBy: caller.userId });
        return await views.get(id, courseStore);
      } finally {
        starting.delete(course.courseId);
      }
    },
    joinLecture: async ({ body, course, caller }) => {
      const lecture = await views.get(body.lectureId, courseStore);
      if (lecture.state === 'ended') throw new CodedError('lecture.ended', 'This lecture has ended.');
      if (lecture.state === 'scheduled') throw new CodedError('lecture.notLive', 'This lecture has not started yet.');
      const claims = { ticketId: randomText(20), userId: caller.userId, lectureId: lecture.id, courseId: course.courseId, displayName: caller.displayName, role: course.role };
      const nowMs = clock.nowMs();
      return {
        ticket: tokens.sign('join', claims, joinTicketSeconds),
        expiresAt: toInstant(nowMs + joinTicketSeconds * 1000),
        signaling: options.signaling,
        iceServers: iceServersFor(options.ice, caller.userId, nowMs),
        lecture,
        role: course.role,
      };
    },
    endLecture: async ({ params }) => {
      await directory.end(params.lectureId);
      return views.get(params.lectureId, courseStore);
    },
    getHome: async ({ caller }) => home(options, caller.userId),
  };
}

/** The lecture to continue instead, where one is to be seen. The directory keeps the rule, for encoders too. */
async function requireNothingOnAir(directory: LectureDirectory, courseId: CourseId, lectureId: LectureId | undefined): Promise<void> {
  const onAir = (await directory.ofCourse(courseId)).find(isLive);
  if (!onAir) return;
  const which = onAir.id === lectureId ? 'This lecture' : 'Another lecture of this course';
  throw new CodedError('lecture.alreadyLive', `${which} is live already.`, { details: { lectureId: onAir.id } });
}

/** Prepares a lecture and starts it. Where it cannot start nothing stays on the schedule, for an encoder to start later. */
async function startNow(directory: LectureDirectory, lecture: { courseId: CourseId; title: string; isRecorded: boolean; createdBy: UserId }): Promise<LectureEntry> {
  const { id } = await directory.schedule({ ...lecture, scheduledAt: null, durationMinutes: null });
  try {
    return await directory.start(id);
  } catch (err) {
    await directory.cancel(id);
    throw err;
  }
}

async function home({ courses, views, watched, clock }: LiveHandlersOptions, userId: UserId) {
  const mine = await courses.ofUser(userId);
  const [current, continueWatching] = await Promise.all([
    Promise.all(mine.map(({ course }) => views.current(course, clock.nowMs()))),
    watched.unfinished(userId, homeListLength),
  ]);
  const next = current.flatMap(({ coming }) => coming).sort((a, b) => (a.scheduledAt ?? '').localeCompare(b.scheduledAt ?? ''));
  return { live: current.flatMap(({ live }) => live), next: next.slice(0, homeListLength), continueWatching };
}
