import type { LecturePlans } from '#engine';
import { CodedError, LectureId } from '#engine/contract';
import type { CourseId } from '#engine/contract';
import type { Handlers } from '../access/index.ts';
import type { scheduleRoutes } from '../contract/index.ts';
import type { CourseStore } from '../courses/CourseStore.ts';
import type { LectureDirectory } from '../lectures/LectureDirectory.ts';
import type { LectureViews } from '../lectures/LectureViews.ts';
import { timeZoneOf } from './localTime.ts';
import type { PlaceInSeries, SeriesPlanner } from './SeriesPlanner.ts';
import type { SeriesRow, SeriesStore } from './SeriesStore.ts';

export interface ScheduleHandlersOptions {
  series: SeriesPlanner;
  store: SeriesStore;
  plans: LecturePlans;
  directory: LectureDirectory;
  courses: CourseStore;
  views: LectureViews;
}

export function scheduleHandlers({ series, store, plans, directory, courses, views }: ScheduleHandlersOptions): Handlers<keyof typeof scheduleRoutes> {
  const zoneOf = async (courseId: CourseId) => timeZoneOf(await courses.get(courseId));
  const scheduleOf = async (courseId: CourseId) => ({
    timeZone: await zoneOf(courseId),
    holidays: [...(await store.holidaysOf(courseId))],
    series: (await store.ofCourse(courseId)).map(seriesView),
  });
  const placeOf = async (lectureId: LectureId): Promise<PlaceInSeries> => {
    const { courseId, series: place } = await directory.get(lectureId);
    if (!place) throw new CodedError('series.notFound', 'This lecture is not part of a series.');
    return { courseId, seriesId: place.seriesId, date: place.date };
  };
  const changed = async (row: SeriesRow) => {
    const ids = (await plans.ofSeries(row._id)).map(({ _id }) => LectureId.parse(_id));
    const entries = await Promise.all(ids.map((lectureId) => directory.get(lectureId)));
    return { series: seriesView(row), lectures: await views.viewMany(entries, [await courses.get(row.courseId)]) };
  };
  return {
    getSchedule: ({ params }) => scheduleOf(params.courseId),
    setHolidays: async ({ params, body }) => {
      await series.setHolidays(params.courseId, body.holidays);
      return scheduleOf(params.courseId);
    },
    previewSeries: async ({ params, body: { seriesId, ...form } }) => {
      const timeZone = await zoneOf(params.courseId);
      return { timeZone, dates: await series.preview({ courseId: params.courseId, seriesId }, form, timeZone) };
    },
    createSeries: async ({ params, body, caller }) => changed(await series.create(params.courseId, body, caller.userId)),
    updateSeries: async ({ params, body: { scope, ...edit } }) => changed(await series.update(await placeOf(params.lectureId), edit, scope)),
    deleteSeries: async ({ params, query }) => {
      await series.delete(await placeOf(params.lectureId), query.scope);
      return null;
    },
  };
}

function seriesView({ _id, weekdays, skippedDates, ...row }: SeriesRow) {
  return { id: _id, ...row, weekdays: [...weekdays], skippedDates: [...skippedDates] };
}
