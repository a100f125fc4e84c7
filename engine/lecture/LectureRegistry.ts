import { CodedError, LectureId } from '../contract/index.ts';
import type { CourseId, CourseRole, Lecture, LectureEndReason, UserId } from '../contract/index.ts';
import { fromInstant, toInstant } from '../kernel/Clock.ts';
import type { Clock } from '../kernel/Clock.ts';
import type { Database } from '../kernel/database/index.ts';
import { Emitter } from '../kernel/Emitter.ts';
import type { Logger } from '../kernel/Logger.ts';
import { ChatTranscripts } from './ChatTranscripts.ts';
import type { ChatPage, ChatPageRequest } from './ChatTranscripts.ts';
import { EventLogs } from './EventLog.ts';
import { longestGraceMs } from './GraceTimer.ts';
import { isOnAir } from './lectureState.ts';
import { LectureStore, lectureView } from './LectureStore.ts';
import type { LectureRow, NewLecture } from './LectureStore.ts';
import { LiveLecture } from './LiveLecture.ts';
import type { LeaveReason } from './LiveLecture.ts';
import { isDue, plannedMs } from './lectureWindow.ts';
import type { MediaPlane, Unsubscribe } from './ports.ts';
import { RemovalLog } from './RemovalLog.ts';

export interface LectureRegistryOptions {
  database: Database;
  plane: MediaPlane;
  clock: Clock;
  logger: Logger;
  graceMs: number;
}

export type LectureChange = Partial<Pick<NewLecture, 'title' | 'scheduledAt' | 'durationMinutes' | 'isRecorded'>>;

/** Every lecture: scheduled, live, ended. Owns the live ones; closing it leaves them live for the next process. */
export class LectureRegistry {
  readonly removals: RemovalLog;
  readonly #options: LectureRegistryOptions;
  readonly #store: LectureStore;
  readonly #logs: EventLogs;
  readonly #chats: ChatTranscripts;
  readonly #live = new Map<LectureId, LiveLecture>();
  /** Lectures that are being started: a second start joins the first. */
  readonly #opening = new Map<LectureId, Promise<LiveLecture>>();
  /** Their courses, once their rows are read. */
  readonly #openingIn = new Map<LectureId, CourseId>();
  readonly #liveListeners: Emitter<LiveLecture>;
  #isClosed = false;

  private constructor(options: LectureRegistryOptions) {
    this.#options = options;
    this.#store = new LectureStore(options.database);
    this.#logs = new EventLogs(options);
    this.#chats = new ChatTranscripts(this.#logs);
    this.removals = new RemovalLog(this.#logs, (lectureId) => this.#live.get(lectureId));
    this.#liveListeners = new Emitter(options.logger);
  }

  static create(options: LectureRegistryOptions): LectureRegistry {
    return new LectureRegistry(options);
  }

  /**
   * Opens every lecture that was live when the last process ended. If that is longer ago than a lecture can be without media,
   * they ended then. Call it once, after all listeners are registered. `awayMs`: how long ago the last process ended, if known.
   */
  async recover(awayMs = 0): Promise<void> {
    const { clock, logger, graceMs } = this.#options;
    const haveEnded = awayMs > longestGraceMs(graceMs);
    const leftAtMs = clock.nowMs() - awayMs;
    const rows = [...(await this.#store.inState('live')), ...(await this.#store.inState('interrupted'))];
    for (const row of rows) {
      if (haveEnded && (await this.#endAsLeft(row, leftAtMs))) continue;
      await this.#open(LectureId.parse(row._id));
      logger.info({ lectureId: row._id }, 'lecture.recovered');
    }
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

  /**
   * The live lecture. If only the database says that it is live, it is opened.
   * @throws CodedError `lecture.notLive`, `lecture.ended`, `lecture.notFound`, `server.stopping`
   */
  async requireLive(lectureId: LectureId): Promise<LiveLecture> {
    const live = this.#live.get(lectureId) ?? (await this.#opening.get(lectureId));
    if (live) return live;
    const { state } = await this.#store.get(lectureId);
    if (state === 'ended') throw new CodedError('lecture.ended', 'This lecture has ended. Open the course page to watch the recording.');
    if (!isOnAir(state)) throw new CodedError('lecture.notLive', 'This lecture has not started yet. Wait for the instructor to start it.');
    return this.#live.get(lectureId) ?? this.#open(lectureId);
  }

  async schedule(lecture: NewLecture): Promise<LectureRow> {
    return this.#store.add(lecture, toInstant(this.#options.clock.nowMs()));
  }

  async get(lectureId: LectureId): Promise<LectureRow> {
    return this.#store.get(lectureId);
  }

  /** @throws CodedError `lecture.notFound` */
  async courseOf(lectureId: LectureId): Promise<CourseId> {
    return this.#live.get(lectureId)?.view.courseId ?? (await this.#store.get(lectureId)).courseId;
  }

  async ofCourse(courseId: CourseId): Promise<LectureRow[]> {
    return this.#store.ofCourse(courseId);
  }

  async currentOf(courseIds: readonly CourseId[]): Promise<LectureRow[]> {
    return this.#store.currentOf(courseIds);
  }

  /** @throws CodedError `lecture.notFound`; `lecture.alreadyLive` for a plan, once the lecture is being started */
  async update(lectureId: LectureId, change: LectureChange): Promise<LectureRow> {
    const changesPlan = change.scheduledAt !== undefined || change.durationMinutes !== undefined || change.isRecorded !== undefined;
    if (changesPlan && !this.#isWaiting(await this.#store.get(lectureId))) throw new CodedError('lecture.alreadyLive', 'This lecture has already started. Only its title can still be changed.');
    const row = await this.#store.update(lectureId, change);
    const { title } = row;
    this.#live.get(lectureId)?.rename(title);
    // It opens with the title that it had when it began.
    void this.#opening.get(lectureId)?.then((live) => live.rename(title), () => undefined);
    return row;
  }

  /** @throws CodedError `lecture.notFound`; `lecture.alreadyLive` once the lecture is being started */
  async cancel(lectureId: LectureId): Promise<void> {
    if (!this.#isWaiting(await this.#store.get(lectureId))) throw new CodedError('lecture.alreadyLive', 'This lecture has already started and cannot be cancelled. End it instead.');
    await this.#store.remove(lectureId);
  }

  /**
   * Starts a lecture. If that fails, the lecture is unchanged.
   * @throws CodedError `lecture.alreadyLive` with the id of the lecture that is live or being started, this one or another
   * of its course; `lecture.ended`, `lecture.notFound`, `server.stopping`; `disk.full`, `database.unavailable` if its state
   * cannot be stored
   */
  async start(lectureId: LectureId): Promise<LiveLecture> {
    if (this.#live.has(lectureId) || this.#opening.has(lectureId)) throw new CodedError('lecture.alreadyLive', 'This lecture is already live.', { details: { lectureId } });
    return this.#open(lectureId);
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
    const liveRow = rows.find((row) => isOnAir(row.state) || this.#opening.has(LectureId.parse(row._id)));
    if (liveRow) return this.requireLive(LectureId.parse(liveRow._id));
    const nowMs = this.#options.clock.nowMs();
    const distanceMs = (row: LectureRow) => Math.abs(plannedMs(row) - nowMs);
    const due = rows
      .filter((row) => row.state === 'scheduled' && isDue(plannedMs(row), nowMs))
      .sort((a, b) => Number(a.scheduledAt !== null) - Number(b.scheduledAt !== null) || distanceMs(a) - distanceMs(b))[0];
    if (!due) throw new CodedError('lecture.notFound', 'No lecture of this course is live or due now. Open the course in Lectern and start one, then press Start Streaming again.');
    return this.start(LectureId.parse(due._id)).catch((err: unknown) => this.#joinQuicker(err));
  }

  /** What changed in the chat of a lecture, live or ended, after an event. */
  chatPage(lectureId: LectureId, request: ChatPageRequest = {}): Promise<ChatPage> {
    return this.#chats.page(lectureId, request);
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

  /** Ends the live lecture of a course, and cancels its scheduled ones. */
  async closeCourse(courseId: CourseId): Promise<void> {
    const rows = await this.#store.ofCourse(courseId);
    for (const row of rows) {
      const lectureId = LectureId.parse(row._id);
      if (this.#isWaiting(row)) await this.#store.remove(lectureId);
      else if (row.state !== 'ended') await (await this.requireLive(lectureId)).end('removed');
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

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#opening.values());
    await Promise.allSettled(this.allLive().map((live) => live.close()));
    this.#live.clear();
    await this.#logs.flush();
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
    return state === 'scheduled' && !this.#opening.has(lectureId) && !this.#live.has(lectureId);
  }

  /** An encoder names a course and no lecture, so a course has one live lecture at a time. */
  #requireNothingOnAir(courseId: CourseId): void {
    const opening = [...this.#openingIn].find(([, of]) => of === courseId)?.[0];
    const lectureId = this.#liveOf(courseId)[0]?.id ?? opening;
    if (lectureId) throw new CodedError('lecture.alreadyLive', 'Another lecture of this course is live. Continue it, or end it before you start this one.', { details: { lectureId } });
  }

  async #open(lectureId: LectureId): Promise<LiveLecture> {
    if (this.#isClosed) throw new CodedError('server.stopping', 'The server is stopping; try again in a minute.');
    const opening = this.#opening.get(lectureId) ?? this.#openNow(lectureId).finally(() => this.#forgetOpening(lectureId));
    this.#opening.set(lectureId, opening);
    return opening;
  }

  #forgetOpening(lectureId: LectureId): void {
    this.#opening.delete(lectureId);
    this.#openingIn.delete(lectureId);
  }

  async #openNow(lectureId: LectureId): Promise<LiveLecture> {
    const row = await this.#store.get(lectureId);
    if (row.state === 'ended') throw new CodedError('lecture.ended', 'This lecture has ended. Start a new one.');
    if (row.state === 'scheduled') this.#requireNothingOnAir(row.courseId);
    this.#openingIn.set(lectureId, row.courseId);
    const live = await this.#openLive({ ...lectureView(row), startedAt: row.startedAt ?? toInstant(this.#options.clock.nowMs()) });
    this.#live.set(lectureId, live);
    live.onNotification((signal) => {
      if (signal.type === 'lecture.ended') this.#live.delete(lectureId);
    });
    this.#options.logger.info({ lectureId, courseId: row.courseId }, 'lecture.live');
    this.#liveListeners.emit(live);
    return live;
  }

  /** False if the database refuses: then the lecture is opened, and ends by its grace period. */
  async #endAsLeft({ _id, startedAt, createdAt }: LectureRow, leftAtMs: number): Promise<boolean> {
    const lectureId = LectureId.parse(_id);
    const reason = 'graceExpired';
    try {
      const last = (await this.#logs.read(lectureId)).at(-1);
      const startMs = fromInstant(startedAt ?? createdAt);
      const atMs = Math.max(last?.atMs ?? 0, Math.round(leftAtMs - startMs));
      await this.#store.update(lectureId, { state: 'ended', endedAt: toInstant(startMs + atMs), endReason: reason });
      await this.#logs.write(lectureId, { seq: (last?.seq ?? 0) + 1, atMs, type: 'lecture.ended', data: { reason } });
    } catch (err) {
      this.#options.logger.error({ err, lectureId }, 'lecture.endFailed');
      return (await this.#store.get(lectureId)).state === 'ended';
    }
    this.#options.logger.info({ lectureId, reason }, 'lecture.ended');
    return true;
  }

  #openLive(lecture: Lecture & { startedAt: string }): Promise<LiveLecture> {
    const { plane, clock, logger, graceMs } = this.#options;
    return LiveLecture.open({
      lecture,
      logs: this.#logs,
      plane,
      clock,
      logger,
      graceMs,
      persist: async ({ state, startedAt, endedAt }, endReason) => {
        await this.#store.update(lecture.id, { state, startedAt, endedAt, endReason });
      },
    });
  }
}
