// Responsible for letting people into a course: the seats of a course with a capacity, and its waiting list. Everybody who comes
// into a course with a capacity passes the list, so that nobody overtakes those who wait.
import { removedFromCourse } from '#engine';
import { CodedError, CourseId, UserId } from '#engine/contract';
import type { CourseRole } from '#engine/contract';
import { Emitter, KeyedMutex, toInstant } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import type { AccountStore } from '../accounts/AccountStore.ts';
import type { EnrolmentRow, EnrolmentStore, NewEnrolment } from '../courses/EnrolmentStore.ts';
import type { RemovalStore } from '../courses/RemovalStore.ts';
import { searchedPageSize } from '../limits.ts';
import type { AdmissionSettings } from './AdmissionSettings.ts';
import { Seats } from './Seats.ts';
import type { WaitingRow, WaitingStore } from './WaitingStore.ts';

export interface AdmissionsOptions {
  settings: AdmissionSettings;
  enrolments: EnrolmentStore;
  waiting: WaitingStore;
  removals: RemovalStore;
  accounts: AccountStore;
  /** A person who waited has a seat now. */
  onMovedUp?: (enrolment: EnrolmentRow) => void;
  clock: Clock;
  logger: Logger;
}

export interface NewMember {
  courseId: CourseId;
  userId: UserId;
  role: Exclude<CourseRole, 'owner'>;
  groupId?: string | null;
  importId?: string;
}

export type Admission = { outcome: 'enrolled' | 'alreadyIn' } | { outcome: 'waiting'; position: number };

export class Admissions {
  readonly #options: AdmissionsOptions;
  readonly #seats: Seats;
  /** Within one process, the people of a course move up one after the other. Races between processes are decided by the database. */
  readonly #turns = new KeyedMutex();
  /** People whose own requests wait for their answers: they need no mail. */
  readonly #joining = new Set<string>();
  readonly #enrolled: Emitter<EnrolmentRow>;

  constructor(options: AdmissionsOptions) {
    this.#options = options;
    this.#enrolled = new Emitter(options.logger);
    this.#seats = new Seats(options.enrolments);
  }

  /** Calls back for each person whom this process has enrolled. Returns what ends it. */
  onEnrolled(listener: (enrolment: EnrolmentRow) => void): () => void {
    return this.#enrolled.on(listener);
  }

  capacityOf(courseId: CourseId): Promise<number | null> {
    return this.#options.settings.capacityOf(courseId);
  }

  /** Whether a student would have to wait. */
  async isFull(courseId: CourseId): Promise<boolean> {
    const capacity = await this.capacityOf(courseId);
    if (capacity === null) return false;
    const [students, waiting] = await Promise.all([this.#options.enrolments.countStudents(courseId), this.#options.waiting.count(courseId)]);
    return students + waiting >= capacity;
  }

  /** Enrols someone, or puts a student on the waiting list of a full course. @throws CodedError `enrolment.removed` */
  async admit(member: NewMember): Promise<Admission> {
    const { courseId, userId, role } = member;
    const { waiting, enrolments, removals } = this.#options;
    // Who has just withdrawn may be moved up at this moment, and has to be on the list again to stay enrolled.
    if ((await enrolments.find(courseId, userId)) && !(await waiting.hasWithdrawn(courseId, userId))) {
      await waiting.dropWaiting(courseId, [userId]);
      return { outcome: 'alreadyIn' };
    }
    if (await removals.find(courseId, userId)) throw removedFromCourse();
    if (role !== 'student' || (await this.capacityOf(courseId)) === null) {
      const outcome = await this.#enrol(this.#rowOf(member), null);
      await waiting.drop(courseId, userId);
      return { outcome: outcome === 'alreadyIn' ? 'alreadyIn' : 'enrolled' };
    }
    await waiting.join({ courseId, userId, groupId: member.groupId ?? null, importId: member.importId ?? null });
    const joining = `${courseId} ${userId}`;
    this.#joining.add(joining);
    await this.moveUp(courseId).finally(() => this.#joining.delete(joining));
    const position = await waiting.position(courseId, userId);
    if (position !== undefined && !(await enrolments.find(courseId, userId))) return { outcome: 'waiting', position };
    return { outcome: 'enrolled' };
  }

  /** Enrols a student if there is a seat that nobody waits for. @throws CodedError `course.full`, `enrolment.removed`, `enrolment.exists` */
  async enrol(courseId: CourseId, userId: UserId): Promise<void> {
    const { waiting, enrolments } = this.#options;
    const isWaiting = (await waiting.find(courseId, userId)) !== undefined;
    const { outcome } = await this.admit({ courseId, userId, role: 'student' });
    if (outcome === 'alreadyIn') throw new CodedError('enrolment.exists', 'You are already in this course. Reload the page to open it.');
    if (outcome === 'enrolled') return;
    const isOut = isWaiting || (await waiting.withdraw(courseId, userId)) || !(await enrolments.find(courseId, userId));
    if (isOut) throw new CodedError('course.full', isWaiting ? 'The course is still full. You are on its waiting list.' : 'This course is full. You can join its waiting list.', { details: { courseId } });
  }

  /** Lets in those who wait longest, as long as there are seats. Call it when a seat has become free. */
  moveUp(courseId: CourseId): Promise<void> {
    return this.#turns.run(courseId, async () => {
      for (let head = await this.#options.waiting.first(courseId); head; head = await this.#options.waiting.first(courseId)) {
        if (!(await this.#moveUpOne(courseId, head))) return;
      }
    });
  }

  /** Does what a process that died has left undone. */
  async moveUpEverywhere(): Promise<void> {
    for (const courseId of await this.#options.waiting.courses()) {
      await this.#dropEnrolled(courseId);
      await this.moveUp(courseId);
    }
  }

  /** Removes the places of people who came in another way: behind somebody who waits, nobody would look at them. */
  async #dropEnrolled(courseId: CourseId): Promise<void> {
    const { waiting, enrolments } = this.#options;
    const limit = searchedPageSize;
    for (let rows = await waiting.page(courseId, { after: undefined, limit }); rows.length > 0; rows = await waiting.page(courseId, { after: rows.at(-1)?.order, limit })) {
      await waiting.dropWaiting(courseId, await enrolments.among(courseId, rows.map(({ userId }) => UserId.parse(userId))));
    }
  }

  /** Takes a person off the waiting list. @throws CodedError `admission.notFound`; `enrolment.exists` for someone who was let in meanwhile */
  async stopWaiting(courseId: CourseId, userId: UserId): Promise<void> {
    const { waiting, enrolments } = this.#options;
    if (await waiting.withdraw(courseId, userId)) return;
    if (await enrolments.find(courseId, userId)) throw new CodedError('enrolment.exists', 'A seat has become free, and the place on the waiting list was used. Reload the page.');
    throw new CodedError('admission.notFound', 'This person is no longer on the waiting list. Reload the page.');
  }

  async setCapacity(courseId: CourseId, capacity: number | null): Promise<void> {
    await this.#options.settings.setCapacity(courseId, capacity);
    this.#options.logger.info({ courseId, capacity }, 'course.capacitySet');
    await this.moveUp(courseId);
  }

  async forget(courseId: CourseId): Promise<void> {
    await this.#options.waiting.removeAll(courseId);
    await this.#options.settings.forget(courseId);
  }

  /** False when the course is full. */
  async #moveUpOne(courseId: CourseId, head: WaitingRow): Promise<boolean> {
    const { waiting, removals, accounts } = this.#options;
    const userId = UserId.parse(head.userId);
    const [removal, account] = await Promise.all([removals.find(courseId, userId), accounts.find(userId)]);
    if (removal || account?.deactivatedAt !== null) {
      await waiting.withdraw(courseId, userId);
      return true;
    }
    const member: NewMember = { courseId, userId, role: 'student', groupId: head.groupId, ...(head.importId !== null && { importId: head.importId }) };
    const enrolment = await this.#enrol(this.#rowOf(member), await this.capacityOf(courseId), head);
    return enrolment !== 'full';
  }

  /**
   * Enrols someone, and takes it back if the person has been removed from the course or has left the waiting list at the same moment:
   * both are stored before this process looks.
   */
  async #enrol(row: NewEnrolment, capacity: number | null, waitingRow?: WaitingRow): Promise<EnrolmentRow | 'alreadyIn' | 'full'> {
    const { enrolments, removals, waiting, logger } = this.#options;
    const enrolment = await this.#seats.take(row, capacity);
    if (enrolment === 'full') return enrolment;
    const wait = waitingRow && (await waiting.finish(waitingRow._id));
    if (enrolment === 'alreadyIn') return enrolment;
    const [courseId, userId] = [CourseId.parse(row.courseId), UserId.parse(row.userId)];
    const isRemoved = (await removals.find(courseId, userId)) !== undefined;
    if (isRemoved || wait === 'withdrawn') {
      await enrolments.takeBack(enrolment._id);
      if (isRemoved && !waitingRow) throw removedFromCourse();
      return enrolment;
    }
    logger.info({ courseId, userId, role: row.role }, 'enrolment.added');
    this.#enrolled.emit(enrolment);
    if (waitingRow && !this.#joining.has(`${courseId} ${userId}`)) this.#options.onMovedUp?.(enrolment);
    return enrolment;
  }

  #rowOf({ courseId, userId, role, groupId, importId }: NewMember): NewEnrolment {
    return { courseId, userId, role, enrolledAt: toInstant(this.#options.clock.nowMs()), groupId: groupId ?? null, ...(importId === undefined ? {} : { importId }) };
  }
}
