import { CodedError, LectureId } from '#engine/contract';
import type { ChatMessage, CourseId, CourseRole, UserId } from '#engine/contract';
import { newId, toInstant } from '#engine/kernel';
import type { Clock } from '#engine/kernel';
import { isOnAir } from '#engine';
import type { LectureChange, NewLecture } from '#engine';
import type { LectureDirectory, LectureEntry } from '../lectures/LectureDirectory.ts';

/** Lectures in memory that keep the rules of the engine's, without media. */
export class FakeLectureDirectory implements LectureDirectory {
  readonly expelled: { courseId: CourseId; userId: UserId; byUserId: UserId }[] = [];
  readonly roles: { courseId: CourseId; userId: UserId; role: CourseRole }[] = [];
  readonly removed = new Set<string>();
  readonly chats = new Map<LectureId, ChatMessage[]>();
  /** Lists come after this. */
  slowness: Promise<void> = Promise.resolve();
  /** What is on its way to the air, and is not to be seen there yet. */
  readonly opening = new Set<LectureId>();
  readonly #lectures = new Map<LectureId, LectureEntry>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async schedule({ courseId, title, scheduledAt, durationMinutes, isRecorded }: NewLecture): Promise<LectureEntry> {
    const id = LectureId.parse(newId('lec'));
    const plan = { id, courseId, title, scheduledAt, durationMinutes, isRecorded };
    return this.#put({ ...plan, state: 'scheduled', startedAt: null, endedAt: null, participantCount: 0 });
  }

  async get(lectureId: LectureId): Promise<LectureEntry> {
    const entry = this.#lectures.get(lectureId);
    if (!entry) throw new CodedError('lecture.notFound', 'There is no such lecture.');
    return entry;
  }

  async ofCourse(courseId: CourseId): Promise<LectureEntry[]> {
    await this.slowness;
    return [...this.#lectures.values()].filter((entry) => entry.courseId === courseId);
  }

  async update(lectureId: LectureId, change: LectureChange): Promise<LectureEntry> {
    const entry = await this.get(lectureId);
    const { title: _title, ...plan } = change;
    if ((entry.state !== 'scheduled' || this.opening.has(lectureId)) && Object.values(plan).some((value) => value !== undefined)) {
      throw new CodedError('lecture.alreadyLive', 'Once a lecture has started only its title can be changed.');
    }
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    return this.#put({ ...entry, ...given });
  }

  async cancel(lectureId: LectureId): Promise<void> {
    const { state } = await this.get(lectureId);
    if (state !== 'scheduled' || this.opening.has(lectureId)) throw new CodedError('lecture.alreadyLive', 'Only a lecture that has not started can be taken off the schedule.');
    this.#lectures.delete(lectureId);
  }

  async start(lectureId: LectureId): Promise<LectureEntry> {
    const entry = await this.get(lectureId);
    if (entry.state === 'ended') throw new CodedError('lecture.ended', 'This lecture has ended.');
    const onAir = [...this.#lectures.values()].find(({ id, courseId, state }) => courseId === entry.courseId && (isOnAir(state) || this.opening.has(id)));
    if (onAir) throw new CodedError('lecture.alreadyLive', 'A lecture of this course is live already.', { details: { lectureId: onAir.id } });
    return this.#put({ ...entry, state: 'live', startedAt: toInstant(this.#clock.nowMs()) });
  }

  async end(lectureId: LectureId): Promise<LectureEntry> {
    const entry = await this.get(lectureId);
    if (entry.state === 'ended') throw new CodedError('lecture.ended', 'This lecture has ended.');
    if (entry.state === 'scheduled') throw new CodedError('lecture.notLive', 'This lecture has not started yet.');
    return this.#put({ ...entry, state: 'ended', endedAt: toInstant(this.#clock.nowMs()) });
  }

  async chatOf(lectureId: LectureId): Promise<ChatMessage[]> {
    return this.chats.get(lectureId) ?? [];
  }

  async courseOf(lectureId: LectureId): Promise<CourseId> {
    return (await this.get(lectureId)).courseId;
  }

  async isRemoved(userId: UserId, lectureId: LectureId): Promise<boolean> {
    return this.removed.has(`${userId} ${lectureId}`);
  }

  async expel(request: { courseId: CourseId; userId: UserId; byUserId: UserId }): Promise<void> {
    this.expelled.push(request);
  }

  async setRole(change: { courseId: CourseId; userId: UserId; role: CourseRole }): Promise<void> {
    this.roles.push(change);
  }

  #put(entry: LectureEntry): LectureEntry {
    this.#lectures.set(entry.id, entry);
    return entry;
  }
}
