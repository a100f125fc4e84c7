import type { LectureId } from '#engine/contract';
import type { Person } from '../../../demo/Person.ts';
import type { Classroom } from '../../Classroom.ts';
import { inLanes } from './inLimit.ts';

/** A lecture of an enemy's own, where nobody else is hurt. */
export interface Arena {
  person: Person;
  lectureId: LectureId;
}

export interface ArenaOptions {
  count: number;
  isRecorded: boolean;
}

export async function openArenas(classroom: Classroom, { count, isRecorded }: ArenaOptions): Promise<Arena[]> {
  const arenas: Arena[] = [];
  for (let index = 0; index < count; index += 1) {
    const person = await classroom.signUp(`Trudy${index}`);
    const { id: userId } = await person.api.getProfile();
    await classroom.ada.api.setUserRoles({ params: { userId }, body: { roles: ['instructor'] } });
    const { id: courseId } = await person.api.createCourse({ body: { title: `Arena ${index}`, enrolmentPolicy: 'open' } });
    arenas.push({ person, lectureId: (await person.api.startLecture({ body: { courseId, title: 'Arena', isRecorded } })).id });
  }
  return arenas;
}

/** Runs `work` for every item, so many at once, each in the arena that has rested longest: who enters one twice is replaced. */
export async function inArenas<T>(arenas: readonly Arena[], { lanes, items }: { lanes: number; items: Iterable<T> }, work: (arena: Arena, item: T) => Promise<void>): Promise<void> {
  const resting = [...arenas];
  await inLanes(Math.min(lanes, arenas.length), items, async (item) => {
    const arena = resting.shift();
    if (!arena) throw new Error('there are as many arenas as lanes');
    try {
      await work(arena, item);
    } finally {
      resting.push(arena);
    }
  });
}
