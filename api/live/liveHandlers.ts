import { requireOnAir } from '#engine';
import { isCoded, joinTicketSeconds } from '#engine/contract';
import type { CourseId, LectureId, UserId } from '#engine/contract';
import { randomText, toInstant } from '#engine/kernel';
import type { Clock, TokenSigner } from '#engine/kernel';
import { signalingNamespace } from '#signaling/contract';
import type { Handlers } from '../access/index.ts';
import type { liveRoutes } from '../contract/index.ts';
import type { CourseStore } from '../courses/CourseStore.ts';
import type { LectureDirectory, LectureEntry } from '../lectures/LectureDirectory.ts';
import type { LectureViews } from '../lectures/LectureViews.ts';
import { iceServersFor } from './iceServers.ts';
import type { IceConfig } from './iceServers.ts';

export interface LiveHandlersOptions {
  directory: LectureDirectory;
  views: LectureViews;
  courseStore: CourseStore;
  tokens: TokenSigner;
  clock: Clock;
  ice: IceConfig;
  /** The path of the WebSockets of the node that owns a lecture. */
  signalingPathOf: (lectureId: LectureId) => Promise<string>;
}

export function liveHandlers(options: LiveHandlersOptions): Handlers<keyof typeof liveRoutes> {
  const { directory, views, courseStore, tokens, clock } = options;
  return {
    startLecture: async ({ body, caller }) => {
      const { id } = 'lectureId' in body ? await directory.start(body.lectureId) : await startNow(directory, { ...body, createdBy: caller.userId });
      return views.get(id, courseStore).catch((err: unknown) => endIfDeleted(directory, id, err));
    },
    joinLecture: async ({ body, course, caller }) => {
      const lecture = await views.get(body.lectureId, courseStore);
      requireOnAir(lecture.state);
      const claims = { ticketId: randomText(20), userId: caller.userId, loginId: caller.loginId, lectureId: lecture.id, courseId: course.courseId, displayName: caller.displayName, role: course.role };
      const nowMs = clock.nowMs();
      return {
        ticket: tokens.sign('join', claims, joinTicketSeconds),
        expiresAt: toInstant(nowMs + joinTicketSeconds * 1000),
        signaling: { namespace: signalingNamespace, path: await options.signalingPathOf(lecture.id) },
        iceServers: iceServersFor(options.ice, caller.userId, nowMs),
        lecture,
        role: course.role,
      };
    },
    endLecture: async ({ params }) => {
      await directory.end(params.lectureId);
      return views.get(params.lectureId, courseStore);
    },
  };
}

/** Ends a lecture whose course was deleted while it was being started. */
async function endIfDeleted(directory: LectureDirectory, lectureId: LectureId, err: unknown): Promise<never> {
  if (isCoded(err, 'course.notFound')) await directory.end(lectureId);
  throw err;
}

/**
 * Creates a lecture and starts it, unless an encoder of the course has started it in between. If it cannot start, it is
 * deleted, so that no encoder starts it later.
 */
async function startNow(directory: LectureDirectory, lecture: { courseId: CourseId; title: string; isRecorded: boolean; createdBy: UserId }): Promise<LectureEntry> {
  const { id } = await directory.schedule({ ...lecture, scheduledAt: null, durationMinutes: null });
  try {
    return await directory.start(id).catch((err: unknown) => {
      if (isCoded(err, 'lecture.alreadyLive') && err.details?.lectureId === id) return directory.untilLive(id);
      throw err;
    });
  } catch (err) {
    try {
      await directory.cancel(id);
    } catch (cancelled) {
      // It has started after all.
      if (isCoded(cancelled, 'lecture.alreadyLive')) return directory.untilLive(id);
    }
    throw err;
  }
}
