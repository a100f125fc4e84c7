import { CodedError, isCoded, LectureId } from '../contract/index.ts';
import type { CourseId, CourseRole, LectureEndReason, UserId } from '../contract/index.ts';
import { toInstant } from '../kernel/Clock.ts';
import type { Clock } from '../kernel/Clock.ts';
import type { Database } from '../kernel/database/index.ts';
import { Emitter } from '../kernel/Emitter.ts';
import type { Logger } from '../kernel/Logger.ts';
import { LeaseKeeper } from '../kernel/ownership/index.ts';
import { ChatTranscripts } from './ChatTranscripts.ts';
import { EventLogs } from './EventLog.ts';
import { longestGraceMs } from './GraceTimer.ts';
import { isOnAir, requireOnAir } from './lectureState.ts';
import type { LeaveReason } from './LeaveReason.ts';
import { LectureOpener } from './LectureOpener.ts';
import { LectureOwnership } from './LectureOwnership.ts';
import { LecturePlans } from './LecturePlans.ts';
import { LectureStore } from './LectureStore.ts';
import type { LectureRow, NewLecture } from './LectureStore.ts';
import type { LiveLecture } from './LiveLecture.ts';
import { isDue, plannedMs } from './lectureWindow.ts';
import type { MediaPlane, Unsubscribe } from './ports.ts';
import { RemovalLog } from './RemovalLog.ts';

export interface LectureRegistryOptions {
  database: Database;
  plane: MediaPlane;
  clock: Clock;
  logger: Logger;
  graceMs: number;
  /** Fails with a CodedError while no lecture may start; those on the air continue. */
  requireStartAllowed?: () => void;
  /** Without them, this process is the only one that uses the database. */
  leases?: LeaseKeeper;
}

export type LectureChange = Partial<Pick<NewLecture, 'title' | 'scheduledAt' | 'durationMinutes' | 'isRecorded' | 'series'>>;

/**
 * Every lecture: scheduled, live, ended. Owns those that are live in this process, by their leases; closing it leaves them
 * live for the next process.
 */
export class LectureRegistry {
  readonly removals: RemovalLog;
  readonly plans: LecturePlans;
  /** The chats of lectures, live or ended. */
  readonly chats: ChatTranscripts;
  readonly #options: LectureRegistryOptions;
  readonly #store: LectureStore;
  readonly #logs: EventLogs;
  readonly #live = new Map<LectureId, LiveLecture>();
  readonly #ownership: LectureOwnership;
  readonly #opener: LectureOpener;
  readonly #liveListeners: Emitter<LiveLecture>;

  private constructor(options: LectureRegistryOptions) {
    this.#options = options;
    this.#store = new LectureStore(options.database);
    this.#logs = new EventLogs(options);
    this.chats = new ChatTranscripts(this.#logs);
    const leases = options.leases ?? LeaseKeeper.ofOnlyProcess(options);
    this.#ownership = new LectureOwnership({ leases, store: this.#store, logs: this.#logs, clock: options.clock, logger: options.logger });
    this.removals = new RemovalLog({ logs: this.#logs, ownership: this.#ownership, live: (lectureId) => this.#live.get(lectureId) });
    this.plans = new LecturePlans({ store: this.#store, logs: this.#logs, leases, clock: options.clock });
    this.#liveListeners = new Emitter(options.logger);
    this.#opener = this.#createOpener(options);
  }

  static create(options: LectureRegistryOptions): LectureRegistry {
    return new LectureRegistry(options);
  }

  /**
   * Opens every lecture that was live when the last process ended; after that, also the lectures of other processes that end. If
   * the last process ended longer ago than a lecture can be without media, its lectures have ended, too. Call it once, after all
   * listeners are registered. `awayMs`: how long ago the last process ended, if known and if no other process uses the database.
   */
  async recover(awayMs = 0): Promise<void> {
    const { clock, graceMs } = this.#options;
    const haveEnded = awayMs > longestGraceMs(graceMs);
    const leftAtMs = clock.nowMs() - awayMs;
    for (const { _id } of await this.#store.onAir()) {
      const lectureId = LectureId.parse(_id);
      if (!haveEnded || !(await this.#opener.endAsLeft(lectureId, leftAtMs))) await this.#takeOver(lectureId);
    }
    this.#ownership.watch(() => this.#onAirElsewhere(), (lectureId) => this.#takeOver(lectureId));
  }

  /** Calls the listener for every lecture that goes live, including recovered ones. */
  onLive(listener: (lecture: LiveLecture) => void): Unsubscribe {
    return this.#liveListeners.on(listener);
  }

  live(lectureId: LectureId): LiveLecture | undefined {
    return this.#live.get(lectureId);
  }

  allLive(): LiveLecture[] {
    return [...this.#live.values()];
  }

  /** Whether it is live in this process, after waiting for it if it is being opened. */
  async isLiveHere(lectureId: LectureId): Promise<boolean> {
    return this.#live.has(lectureId) || (await this.#opener.opening(lectureId)?.catch(() => undefined)) !== undefined;
  }

  /**
   * The live lecture. If no process owns it, this one opens it.
   * @throws CodedError `lecture.elsewhere` while another process owns it; `lecture.notLive`, `lecture.ended`,
   * `lecture.notFound`, `server.stopping`
   */
  async requireLive(lectureId: LectureId): Promise<LiveLecture> {
    const live = this.#live.get(lectureId) ?? (await this.#opener.opening(lectureId));
    if (live) return live;
    const { state } = await this.#store.get(lectureId);
    requireOnAir(state);
    return this.#live.get(lectureId) ?? this.#opener.open(lectureId);
  }

  async schedule(lecture: NewLecture): Promise<LectureRow> {
    return this.#store.add(lecture, toInstant(this.#options.clock.nowMs()));
  }

  async get(lectureId: LectureId): Promise<LectureRow> {
    return this.#store.get(lectureId);
  }

  /** It is live or interrupted, in this process or in another one. False for an unknown lecture. */
  async isOnAir(lectureId: LectureId): Promise<boolean> {
    const row = await this.#store.find(lectureId);
    return row !== undefined && isOnAir(row.state);
  }

  /** @throws CodedError `lecture.notFound` */
  async courseOf(lectureId: LectureId): Promise<CourseId> {
    return this.#live.get(lectureId)?.view.courseId ?? (await this.#store.get(lectureId)).courseId;
  }

  ofCourse(courseId: CourseId): Promise<LectureRow[]> {
    return this.#store.ofCourse(courseId);
  }

  async onAir(): Promise<LectureRow[]> {
    return this.#store.onAir();
  }

  currentOf(courseIds: readonly CourseId[]): Promise<LectureRow[]> {
    return this.#store.currentOf(courseIds);
  }

  /** @throws CodedError `lecture.notFound`; `lecture.alreadyLive` for a plan, once the lecture is being started */
  async update(lectureId: LectureId, change: LectureChange): Promise<LectureRow> {
    const changesPlan = change.scheduledAt !== undefined || change.durationMinutes !== undefined || change.isRecorded !== undefined;
    if (changesPlan && !this.#isWaiting(await this.#store.get(lectureId))) throw new CodedError('lecture.alreadyLive', 'This lecture has already started. Only its title can still be changed.');
    const row = await this.#store.update(lectureId, { ...change, changedAt: toInstant(this.#options.clock.nowMs()) });
    this.#rename(lectureId, row.title);
    return row;
  }

  /** Gives a live lecture of this process the title of its row, which another process has changed. */
  async applyTitle(lectureId: LectureId): Promise<void> {
    if (this.#live.has(lectureId) || this.#opener.opening(lectureId)) this.#rename(lectureId, (await this.#store.get(lectureId)).title);
  }

  /** @throws CodedError `lecture.notFound`; `lecture.alreadyLive` once the lecture is being started */
  async cancel(lectureId: LectureId): Promise<void> {
    const isRemoved = this.#isWaiting(await this.#store.get(lectureId)) && (await this.#store.remove(lectureId));
    if (!isRemoved) throw new CodedError('lecture.alreadyLive', 'This lecture has already started and cannot be cancelled. End it instead.');
  }

  /**
   * Starts a lecture. If that fails, the lecture is unchanged.
   * @throws CodedError `lecture.alreadyLive` with the id of the lecture that is live or being started, this one or another
   * of its course; `lecture.ended`, `lecture.notFound`, `server.stopping`; `disk.full`, `database.unavailable` if its state
   * cannot be stored; that of `requireStartAllowed`
   */
  async start(lectureId: LectureId): Promise<LiveLecture> {
    if (this.#live.has(lectureId) || this.#opener.opening(lectureId)) throw new CodedError('lecture.alreadyLive', 'This lecture is already live.', { details: { lectureId } });
    this.#options.requireStartAllowed?.();
    return this.#opener.open(lectureId);
  }

  async end(lectureId: LectureId, reason: LectureEndReason): Promise<void> {
    const live = await this.requireLive(lectureId);
    await live.end(reason);
  }

  /** The lecture that receives an encoder of this course: the live one, or one that is due, which is started. */
  async openForIngest(courseId: CourseId): Promise<LiveLecture> {
    const liveLecture = this.allLive().find(({ view }) => view.courseId === courseId && isOnAir(view.state));
    if (liveLecture) return liveLecture;
    const rows = await this.#store.ofCourse(courseId);
    const liveRow = rows.find((row) => isOnAir(row.state) || this.#opener.opening(LectureId.parse(row._id)) !== undefined);
    if (liveRow) return this.requireLive(LectureId.parse(liveRow._id));
    const nowMs = this.#options.clock.nowMs();
    const distanceMs = (row: LectureRow) => Math.abs(plannedMs(row) - nowMs);
    const due = rows
      .filter((row) => row.state === 'scheduled' && isDue(plannedMs(row), nowMs))
      .sort((a, b) => Number(a.scheduledAt !== null) - Number(b.scheduledAt !== null) || distanceMs(a) - distanceMs(b))[0];
    if (!due) throw new CodedError('lecture.notFound', 'No lecture of this course is live or due now. Open the course in Lectern and start one, then press Start Streaming again.');
    return this.start(LectureId.parse(due._id)).catch((err: unknown) => this.#joinQuicker(err));
  }

  /** Someone removed from a lecture is removed from its replay too. */
  async isRemoved(userId: UserId, lectureId: LectureId): Promise<boolean> {
    return (await this.removals.of(lectureId)).includes(userId);
  }

  /** Removes someone who is no longer in the course from its live rooms. */
  expel(userId: UserId, courseId: CourseId, reason: LeaveReason): void {
    for (const lecture of this.#liveOf(courseId)) {
      for (const { id } of lecture.roster.ofUser(userId)) lecture.leave(id, reason);
    }
  }

  /** Changes a person's role. If the new role allows less, the person leaves the live rooms and can join again with it. */
  setRole(userId: UserId, courseId: CourseId, role: CourseRole): void {
    for (const lecture of this.#liveOf(courseId)) {
      for (const { id, role: before } of lecture.roster.ofUser(userId)) {
        if (role === 'student' && before !== 'student') lecture.leave(id, 'demoted');
        else lecture.roster.update(id, { role });
      }
    }
  }

  /** Takes no lecture of another process over any longer: this one is stopping. */
  drain(): void {
    this.#ownership.stopWatching();
  }

  async close(): Promise<void> {
    this.drain();
    await this.#opener.close();
    await Promise.allSettled(this.allLive().map((live) => live.close()));
    this.#live.clear();
    await this.#ownership.close();
  }

  #rename(lectureId: LectureId, title: string): void {
    this.#live.get(lectureId)?.rename(title);
    // It opens with the title that it had when it began.
    void this.#opener.opening(lectureId)?.then((live) => live.rename(title), () => undefined);
  }

  #liveOf(courseId: CourseId): LiveLecture[] {
    return this.allLive().filter(({ view }) => view.courseId === courseId);
  }

  /** Another lecture of the course went live at the same time: returns that one. */
  async #joinQuicker(err: unknown): Promise<LiveLecture> {
    if (!(err instanceof CodedError) || err.code !== 'lecture.alreadyLive') throw err;
    return this.requireLive(LectureId.parse(err.details?.lectureId));
  }

  /** Scheduled, and not being started. */
  #isWaiting({ _id, state }: LectureRow): boolean {
    const lectureId = LectureId.parse(_id);
    return state === 'scheduled' && !this.#opener.opening(lectureId) && !this.#live.has(lectureId);
  }

  /** The lectures on the air that are not live in this process. */
  async #onAirElsewhere(): Promise<LectureId[]> {
    const ids = (await this.#store.onAir()).map(({ _id }) => LectureId.parse(_id));
    return ids.filter((lectureId) => !this.#live.has(lectureId) && !this.#opener.opening(lectureId));
  }

  /** Opens a lecture of a process that has ended, unless another process has opened it. False if that failed. */
  async #takeOver(lectureId: LectureId): Promise<boolean> {
    const { logger, plane } = this.#options;
    try {
      if (!plane.isAvailable) return true;
      await this.#opener.open(lectureId);
      logger.info({ lectureId }, 'lecture.recovered');
    } catch (err) {
      if (isCoded(err, 'lecture.elsewhere') || isCoded(err, 'lecture.ended')) return true;
      logger.error({ err, lectureId }, 'lecture.recoverFailed');
      return false;
    }
    return true;
  }

  #createOpener(options: LectureRegistryOptions): LectureOpener {
    return new LectureOpener({
      ...options,
      ownership: this.#ownership,
      store: this.#store,
      logs: this.#logs,
      liveIn: (courseId) => this.#liveOf(courseId)[0]?.id,
      onOpened: (live) => {
        this.#live.set(live.id, live);
        this.#liveListeners.emit(live);
      },
      onGone: (live) => {
        if (this.#live.get(live.id) === live) this.#live.delete(live.id);
      },
    });
  }
}
