import type { LectureId } from '#engine/contract';
import type { Person } from '../../../demo/Person.ts';
import type { Classroom } from '../../Classroom.ts';
import { runConcurrently } from './runConcurrently.ts';

/** A lecture of an enemy's own, where nobody else is hurt. */
export interface AttackerLecture {
  person: Person;
  lectureId: LectureId;
}

export interface AttackerLectureOptions {
  count: number;
  isRecorded: boolean;
}

export async function openAttackerLectures(classroom: Classroom, { count, isRecorded }: AttackerLectureOptions): Promise<AttackerLecture[]> {
  const attackerLectures: AttackerLecture[] = [];
  for (let index = 0; index < count; index += 1) {
    const person = await classroom.signUp(`Trudy${index}`);
    const { id: userId } = await person.api.getProfile();
    await classroom.ada.api.setUserRoles({ params: { userId }, body: { roles: ['instructor'] } });
    const { id: courseId } = await person.api.createCourse({ body: { title: `AttackerLecture ${index}`, enrolmentPolicy: 'open' } });
    attackerLectures.push({ person, lectureId: (await person.api.startLecture({ body: { courseId, title: 'Arena', isRecorded } })).id });
  }
  return attackerLectures;
}

/** Runs `work` for every item, so many at once, each in the arena that has rested longest: who enters one twice is replaced. */
export async function forEachAttackerLecture<T>(attackerLectures: readonly AttackerLecture[], { lanes, items }: { lanes: number; items: Iterable<T> }, work: (arena: AttackerLecture, item: T) => Promise<void>): Promise<void> {
  const resting = [...attackerLectures];
  await runConcurrently(Math.min(lanes, attackerLectures.length), items, async (item) => {
    const arena = resting.shift();
    if (!arena) throw new Error('there are as many attackerLectures as lanes');
    try {
      await work(arena, item);
    } finally {
      resting.push(arena);
    }
  });
}
