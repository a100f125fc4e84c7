import { CourseId, isCoded, UserId } from '#engine/contract';
import type { EnrolmentRow, EnrolmentStore, NewEnrolment } from '../courses/EnrolmentStore.ts';

/**
 * Gives students the numbered seats of a course. A seat and its student are one document, and the seat is unique, so that no
 * crash and no race between processes lets in one too many. Students from before the capacity was set or lowered have no seat
 * below it: they are moved to free seats before anybody else is let in.
 */
export class Seats {
  readonly #enrolments: EnrolmentStore;

  constructor(enrolments: EnrolmentStore) {
    this.#enrolments = enrolments;
  }

  /** Enrols a student, if a seat is free. Without a capacity, seats are not counted. */
  async take(enrolment: NewEnrolment, capacity: number | null): Promise<EnrolmentRow | 'alreadyIn' | 'full'> {
    const [courseId, userId] = [CourseId.parse(enrolment.courseId), UserId.parse(enrolment.userId)];
    if (await this.#enrolments.find(courseId, userId)) return 'alreadyIn';
    if (capacity === null) return this.#addUnseated(enrolment);
    for (;;) {
      const count = await this.#enrolments.countStudents(courseId);
      if (count >= capacity) return 'full';
      const unseated = await this.#enrolments.findUnseated(courseId, capacity);
      if (unseated) {
        const seat = await this.#freeSeat(courseId, capacity);
        if (seat !== undefined) await this.#enrolments.moveToSeat(unseated, seat);
        continue;
      }
      const added = await this.#addSeated(enrolment, { count, capacity });
      if (added !== 'seatTaken') return added;
    }
  }

  async #addUnseated(enrolment: NewEnrolment): Promise<EnrolmentRow | 'alreadyIn'> {
    try {
      return await this.#enrolments.add(enrolment);
    } catch (err) {
      if (isCoded(err, 'enrolment.exists')) return 'alreadyIn';
      throw err;
    }
  }

  /** Where nobody has left, the seats are taken in order. */
  async #addSeated(enrolment: NewEnrolment, { count, capacity }: { count: number; capacity: number }): Promise<EnrolmentRow | 'alreadyIn' | 'seatTaken'> {
    const added = await this.#enrolments.addSeated(enrolment, count);
    if (added !== 'seatTaken') return added;
    const seat = await this.#freeSeat(CourseId.parse(enrolment.courseId), capacity);
    return seat === undefined ? 'seatTaken' : this.#enrolments.addSeated(enrolment, seat);
  }

  /** The lowest free seat; undefined when all have been taken meanwhile. */
  async #freeSeat(courseId: CourseId, capacity: number): Promise<number | undefined> {
    const taken = await this.#enrolments.takenSeats(courseId);
    for (let seat = 0; seat < capacity; seat += 1) if (!taken.has(seat)) return seat;
    return undefined;
  }
}
