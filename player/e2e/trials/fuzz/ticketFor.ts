import { setTimeout } from 'node:timers/promises';
import { ApiError } from '#api/contract';
import type { LectureId } from '#engine/contract';
import type { Person } from '../../../demo/Person.ts';

/** A ticket. An account gets sixty a minute; beyond that, this waits as long as the server says. */
export async function ticketFor(person: Person, lectureId: LectureId): Promise<string> {
  for (;;) {
    try {
      return (await person.api.joinLecture({ body: { lectureId } })).ticket;
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'request.tooFrequent') throw error;
      await setTimeout((error.problem.retryAfterSeconds ?? 1) * 1000);
    }
  }
}
