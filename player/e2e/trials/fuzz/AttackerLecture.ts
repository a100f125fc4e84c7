import type { LectureId } from '#engine/contract';
import type { Person } from '../../../demo/Person.ts';
import type { Classroom } from '../../Classroom.ts';
import { runConcurrently } from './runConcurrently.ts';

/** A lecture of an attacker, in which nobody else takes part. */
export interface AttackerLecture {
  person: Person;
  lectureId: LectureId;
}

export interface AttackerLectureOptions {
  count: number;
  isRecorded: boolean;
}

export async function openAttackerLectures(classroom: Classroom, { count, isRecorded }: AttackerLectureOptions): Promise<AttackerLecture[]> {
  const lectures: AttackerLecture[] = [];
  for (let index = 0; index < count; index += 1) {
    const person = await classroom.signUp(`Trudy${index}`);
    const { id: userId } = await person.api.getProfile();
    await classroom.ada.api.setUserRoles({ params: { userId }, body: { roles: ['instructor'] } });
    const { id: courseId } = await person.api.createCourse({ body: { title: `Attacked ${index}`, enrolmentPolicy: 'open' } });
    lectures.push({ person, lectureId: (await person.api.startLecture({ body: { courseId, title: 'Attacked', isRecorded } })).id });
  }
  return lectures;
}

/** Runs `work` for every item, each in the lecture that was used longest ago: a person who joins twice is replaced. */
export async function forEachAttackerLecture<T>(lectures: readonly AttackerLecture[], { concurrency, items }: { concurrency: number; items: Iterable<T> }, work: (lecture: AttackerLecture, item: T) => Promise<void>): Promise<void> {
  const unused = [...lectures];
  await runConcurrently(Math.min(concurrency, lectures.length), items, async (item) => {
    const lecture = unused.shift();
    if (!lecture) throw new Error('there are as many lectures as attacks at a time');
    try {
      await work(lecture, item);
    } finally {
      unused.push(lecture);
    }
  });
}
