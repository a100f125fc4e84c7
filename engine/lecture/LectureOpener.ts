// Responsible for opening lectures: takes a lecture's ownership, rebuilds it from the database, and gives it up when the
// lecture ends. Owns the lectures that are being opened.
import { CodedError, LectureId } from '../contract/index.ts';
import type { CourseId } from '../contract/index.ts';
import { background } from '../kernel/background.ts';
import { fromInstant, toInstant } from '../kernel/Clock.ts';
import type { Clock } from '../kernel/Clock.ts';
import type { Logger } from '../kernel/Logger.ts';
import type { EventLogs } from './EventLog.ts';
import type { LectureOwnership, OwnedLecture } from './LectureOwnership.ts';
import { leaseWaitMs } from '../kernel/limits.ts';
import { isOnAir } from './lectureState.ts';
import { lectureView } from './LectureStore.ts';
import type { LectureRow, LectureStore } from './LectureStore.ts';
import { LiveLecture } from './LiveLecture.ts';
import type { MediaPlane } from './ports.ts';

export interface LectureOpenerOptions {
  ownership: LectureOwnership;
  store: LectureStore;
  logs: EventLogs;
  plane: MediaPlane;
  clock: Clock;
  logger: Logger;
  graceMs: number;
  /** The lecture of this course that is live in this process. */
  liveIn: (courseId: CourseId) => LectureId | undefined;
  onOpened: (live: LiveLecture) => void;
  /** It has ended, or this process has let go of it. Called before its listeners are notified. */
  onGone: (live: LiveLecture) => void;
}

export class LectureOpener {
  readonly #options: LectureOpenerOptions;
  /** Lectures that are being opened: a second open joins the first. */
  readonly #opening = new Map<LectureId, Promise<LiveLecture>>();
  /** Their courses, once their rows are read. */
  readonly #openingIn = new Map<LectureId, CourseId>();
  #isClosed = false;

  constructor(options: LectureOpenerOptions) {
    this.#options = options;
  }

  /** The lecture, if it is being opened. */
  opening(lectureId: LectureId): Promise<LiveLecture> | undefined {
    return this.#opening.get(lectureId);
  }

  /** @throws CodedError `lecture.elsewhere` while another process owns it, and those of `LectureRegistry.start` */
  async open(lectureId: LectureId): Promise<LiveLecture> {
    if (this.#isClosed) throw new CodedError('server.stopping', 'The server is stopping; try again in a minute.');
    const opening = this.#opening.get(lectureId) ?? this.#read(lectureId).finally(() => this.#forget(lectureId));
    this.#opening.set(lectureId, opening);
    return opening;
  }

  /**
   * Ends a lecture whose time without media ran out while no process had it. False if the database refuses: then the lecture
   * is opened, and ends by its grace period.
   */
  async endAsLeft(lectureId: LectureId, leftAtMs: number): Promise<boolean> {
    const { ownership, store, logger } = this.#options;
    try {
      await ownership.run(lectureId, (owned) => this.#endAt(owned, leftAtMs));
    } catch (err) {
      logger.error({ err, lectureId }, 'lecture.endFailed');
      return (await store.get(lectureId)).state === 'ended';
    }
    return true;
  }

  /** Opens none any longer. Resolves when those that are being opened are open, or have failed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#opening.values());
  }

  #forget(lectureId: LectureId): void {
    this.#opening.delete(lectureId);
    this.#openingIn.delete(lectureId);
  }

  async #read(lectureId: LectureId): Promise<LiveLecture> {
    const { ownership, store } = this.#options;
    const { state, courseId } = await store.get(lectureId);
    requireNotEnded(state);
    if (state !== 'scheduled') return this.#take(lectureId, courseId);
    this.#requireNothingOnAir(courseId);
    this.#openingIn.set(lectureId, courseId);
    const assertFree = (rows: readonly LectureRow[]) => {
      const other = rows.find((row) => row._id !== lectureId && isOnAir(row.state));
      if (other) throw alreadyLive(LectureId.parse(other._id));
    };
    return ownership.startAlone(courseId, { assertFree, start: (assertAlone) => this.#take(lectureId, courseId, assertAlone) });
  }

  /** `assertAlone`: for a lecture that starts now. */
  async #take(lectureId: LectureId, courseId: CourseId, assertAlone?: () => void): Promise<LiveLecture> {
    const { ownership } = this.#options;
    this.#openingIn.set(lectureId, courseId);
    const { row, ...owned } = await ownership.acquire(lectureId, assertAlone && leaseWaitMs);
    try {
      // It may have ended in another process just before.
      requireNotEnded(row.state);
      const live = await this.#restore(owned, row, assertAlone);
      if (!owned.lease.hasEnded) return this.#opened(live, owned);
      live.letGo();
      throw new CodedError('lecture.elsewhere', 'This lecture is moving to another server. Try again in a few seconds.');
    } catch (err) {
      await ownership.release(owned);
      throw err;
    }
  }

  async #restore(owned: OwnedLecture, row: LectureRow, assertAlone?: () => void): Promise<LiveLecture> {
    const { ownership, logs, plane, clock, logger, graceMs } = this.#options;
    let isStarted = false;
    return LiveLecture.open({
      lecture: { ...lectureView(row), startedAt: row.startedAt ?? toInstant(clock.nowMs()) },
      owned,
      past: await logs.read(owned.lectureId),
      plane,
      clock,
      logger,
      graceMs,
      persist: async ({ state, startedAt, endedAt }, endReason) => {
        if (!isStarted) assertAlone?.();
        isStarted = true;
        await ownership.writeState(owned, { state, startedAt, endedAt, endReason });
      },
    });
  }

  #opened(live: LiveLecture, owned: OwnedLecture): LiveLecture {
    const { ownership, logger, onOpened, onGone } = this.#options;
    const { lease, lectureId } = owned;
    const unsubscribe = lease.onLost((reason) => {
      logger.warn({ lectureId, fence: lease.fence, reason }, 'lecture.letGo');
      onGone(live);
      live.letGo();
    });
    live.onNotification(({ type }) => {
      if (type !== 'lecture.ended') return;
      unsubscribe();
      onGone(live);
      background('lecture.release', live.holds.released().then(() => ownership.release(owned)), logger);
    });
    logger.info({ lectureId, courseId: live.view.courseId, fence: lease.fence }, 'lecture.live');
    onOpened(live);
    return live;
  }

  async #endAt(owned: OwnedLecture & { row: LectureRow }, leftAtMs: number): Promise<void> {
    const { ownership, logs, logger } = this.#options;
    const { lectureId, row, log } = owned;
    const reason = 'graceExpired';
    const last = (await logs.read(lectureId)).at(-1);
    const startMs = fromInstant(row.startedAt ?? row.createdAt);
    const atMs = Math.max(last?.atMs ?? 0, Math.round(leftAtMs - startMs));
    await ownership.writeState(owned, { state: 'ended', endedAt: toInstant(startMs + atMs), endReason: reason });
    await log.append({ atMs, type: 'lecture.ended', data: { reason } }).written;
    logger.info({ lectureId, reason }, 'lecture.ended');
  }

  /** An encoder names a course and no lecture, so a course has one live lecture at a time. */
  #requireNothingOnAir(courseId: CourseId): void {
    const opening = [...this.#openingIn].find(([, of]) => of === courseId)?.[0];
    const lectureId = this.#options.liveIn(courseId) ?? opening;
    if (lectureId) throw alreadyLive(lectureId);
  }
}

function requireNotEnded(state: LectureRow['state']): void {
  if (state === 'ended') throw new CodedError('lecture.ended', 'This lecture has ended. Start a new one.');
}

function alreadyLive(lectureId: LectureId): CodedError {
  return new CodedError('lecture.alreadyLive', 'Another lecture of this course is live. Continue it, or end it before you start this one.', { details: { lectureId } });
}
