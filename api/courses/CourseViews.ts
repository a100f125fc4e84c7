import { ImageId, may } from '#engine/contract';
import type { CourseRole, UserId } from '#engine/contract';
import type { Clock } from '#engine/kernel';
import type { LectureViews } from '../lectures/LectureViews.ts';
import type { Categories } from './Categories.ts';
import { restorableUntil } from './courseTrash.ts';
import type { Courses } from './Courses.ts';
import { courseIdOf } from './CourseStore.ts';
import type { CourseRow } from './CourseStore.ts';
import { excerpt } from './excerpt.ts';
import type { Members } from './Members.ts';

export interface CourseViewsOptions {
  courses: Courses;
  categories: Categories;
  members: Members;
  lectures: LectureViews;
  clock: Clock;
}

/** A course, and the role of the person who sees it. */
export interface SeenCourse {
  course: CourseRow;
  role: CourseRole | null;
}

type LecturesOf = Awaited<ReturnType<LectureViews['current']>>;

/** Builds the views of courses that the contract describes. */
export class CourseViews {
  readonly #options: CourseViewsOptions;

  constructor(options: CourseViewsOptions) {
    this.#options = options;
  }

  /** The live and upcoming lectures of courses in which the person has a role. */
  async lecturesOf(mine: readonly { course: CourseRow; role: CourseRole }[], userId: UserId): Promise<LecturesOf> {
    return this.#options.lectures.current(mine, { userId, nowMs: this.#options.clock.nowMs() });
  }

  async summaries(mine: readonly { course: CourseRow; role: CourseRole }[], lecturesOf: LecturesOf) {
    const basicsOf = await this.#basics(mine.map(({ course }) => course));
    return mine.map(({ course, role }) => ({ ...basicsOf(course, role), excerpt: excerpt(course.description), ...currentOf(lecturesOf, course) }));
  }

  /** Courses of the catalogue. Administrators see what is live in all of them. */
  async catalogue(rows: readonly CourseRow[], roleOf: (course: CourseRow) => CourseRole | null, isAdmin: boolean) {
    const basicsOf = await this.#basics(rows);
    const liveOf = await this.#options.lectures.liveOf(isAdmin ? rows : []);
    return rows.map((course) => ({ ...basicsOf(course, roleOf(course)), excerpt: excerpt(course.description), liveLecture: liveOf(course) }));
  }

  async deleted(rows: readonly CourseRow[]) {
    const nameOf = await this.#options.courses.ownerNames(rows);
    return rows.flatMap((course) => {
      const { _id: id, title, deletedAt } = course;
      return deletedAt === null ? [] : [{ id, title, ownerName: nameOf(course), deletedAt, restorableUntil: restorableUntil(deletedAt) }];
    });
  }

  async detail({ course, role, userId }: SeenCourse & { userId: UserId }) {
    const basicsOf = await this.#basics([course]);
    const canEdit = may(role ?? undefined, 'course.edit');
    const canCount = may(role ?? undefined, 'enrolment.list');
    return {
      ...basicsOf(course, role),
      description: course.description,
      version: course.version,
      ...(role === null ? noLectures : currentOf(await this.lecturesOf([{ course, role }], userId), course)),
      enrolmentCode: canEdit && course.enrolmentPolicy === 'code' ? course.enrolmentCode : null,
      enrolmentCount: canCount ? await this.#options.members.count(courseIdOf(course)) : null,
    };
  }

  async #basics(rows: readonly CourseRow[]) {
    const { courses, categories } = this.#options;
    const [nameOf, categoryOf] = await Promise.all([courses.ownerNames(rows), categories.names()]);
    return (course: CourseRow, role: CourseRole | null) => {
      const { _id, title, state, enrolmentPolicy, tags, timeZone, language, term, clipsBy, createdAt, updatedAt } = course;
      return { id: _id, title, ownerName: nameOf(course), state, enrolmentPolicy, role, category: categoryOf(course.categoryId), coverId: coverIdOf(course), tags, timeZone, language, term, clipsBy, createdAt, updatedAt };
    };
  }
}

function coverIdOf({ coverId }: CourseRow): ImageId | null {
  return coverId === null ? null : ImageId.parse(coverId);
}

const noLectures = { liveLecture: null, nextLecture: null };

function currentOf(lecturesOf: LecturesOf, course: CourseRow) {
  const { live, upcoming } = lecturesOf(course);
  return { liveLecture: live[0] ?? null, nextLecture: upcoming[0] ?? null };
}

/** The largest time in milliseconds that a date can hold, for an order with the newest first. */
const lastMs = 8.64e15;

/** Where a course stands in a list that is ordered by what happens in it: live ones, the next lecture, the others, the archive. */
export function placeByActivity(lecturesOf: LecturesOf): (course: CourseRow) => string {
  return (course) => {
    const { liveLecture, nextLecture } = currentOf(lecturesOf, course);
    const newestFirst = String(lastMs - Date.parse(course.createdAt)).padStart(16, '0');
    if (liveLecture) return `0 ${newestFirst}`;
    if (nextLecture?.scheduledAt) return `1 ${nextLecture.scheduledAt}`;
    return course.state === 'archived' ? `3 ${newestFirst}` : `2 ${newestFirst}`;
  };
}
