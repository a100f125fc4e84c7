import type { LectureOwners } from '#engine';
import type { Handlers } from '../access/index.ts';
import type { LiveNow, liveNowRoutes } from '../contract/index.ts';
import type { CourseStore } from '../courses/CourseStore.ts';
import type { LectureDirectory } from '../lectures/LectureDirectory.ts';

/** What the owners of live lectures answer, whichever nodes they are. */
export type LiveOwners = Pick<LectureOwners, 'liveReports' | 'samplesOf'>;

export interface LiveNowHandlersOptions {
  live: LiveOwners;
  directory: Pick<LectureDirectory, 'onAir'>;
  courses: Pick<CourseStore, 'findMany'>;
}

export function liveNowHandlers({ live, directory, courses }: LiveNowHandlersOptions): Handlers<keyof typeof liveNowRoutes> {
  return {
    listLive: async () => {
      const [onAir, reports] = await Promise.all([directory.onAir(), live.liveReports()]);
      const titles = new Map((await courses.findMany([...new Set(onAir.map(({ courseId }) => courseId))])).map(({ _id, title }) => [_id, title]));
      const lectures = onAir.map(({ id, title, courseId, state, startedAt, participantCount }) => {
        const { lectureId = id, nodeId = null, ...report } = reports.find((each) => each.lectureId === id) ?? {};
        const people = 'people' in report ? report.people : participantCount;
        const view: LiveNow = { lectureId, title, course: { id: courseId, title: titles.get(courseId) ?? '' }, state: state === 'live' ? 'live' : 'interrupted', startedAt, nodeId, report: 'people' in report ? report : null };
        return { people, view };
      });
      return { lectures: lectures.toSorted((a, b) => b.people - a.people).map(({ view }) => view) };
    },
    listLiveSamples: async ({ params }) => ({ samples: await live.samplesOf(params.lectureId) }),
  };
}
