import { CodedError, isCoded } from '#engine/contract';
import type { CourseId } from '#engine/contract';
import { background } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import type { IngestLecture, IngestLectures } from '../IngestLectures.ts';
import type { StreamKeys } from '../keys/StreamKeys.ts';
import type { RateLimitedLogger } from '../RateLimitedLogger.ts';
import { SourceInspector } from '../media/SourceInspector.ts';
import { healthOf } from './healthOf.ts';
import type { IngestConnection } from './IngestConnection.ts';
import { IngestSession } from './IngestSession.ts';
import { aliveWithinMs, contestWindowMs, maxTakeovers } from '../limits.ts';

const contestAdvice = 'Two encoders use the stream key of this course and keep replacing each other. Stop one of them, or create a new key for the one to keep.';

export interface IngestSessionsOptions {
  streamKeys: StreamKeys;
  lectures: IngestLectures;
  ffmpegCommand: string;
  clock: Clock;
  logger: Logger;
  rateLimitedLogger: RateLimitedLogger;
}

interface ActiveSession {
  streamKey: string;
  connection: IngestConnection;
  session: IngestSession;
}

interface Admission {
  courseId: CourseId | undefined;
  isKeyReplaced: boolean;
}

/**
 * Decides who publishes to which course, for all protocols: each course has at most one session, and the newest one wins.
 * Refuses wrong stream keys and ends the session of a key that was replaced. Owns the sessions.
 */
export class IngestSessions {
  readonly #options: IngestSessionsOptions;
  readonly #active = new Map<CourseId, ActiveSession>();
  readonly #takeovers = new Map<CourseId, number[]>();
  readonly #admissions = new Set<Admission>();
  readonly #stopListening: () => void;
  #isClosed = false;

  constructor(options: IngestSessionsOptions) {
    this.#options = options;
    this.#stopListening = options.streamKeys.onKeyReplaced(({ courseId }) => this.#endCourse(courseId));
  }

  /** Accepts or refuses the connection, sooner or later. */
  admit(connection: IngestConnection, streamKey: string): void {
    background('ingestSession.admit', this.#admit(connection, streamKey), this.#options.logger);
  }

  /** Ends the sessions whose keys were replaced without notice. */
  async recheckKeys(): Promise<void> {
    for (const [courseId, { streamKey }] of [...this.#active]) {
      if ((await this.#options.streamKeys.resolve(streamKey)) === undefined && this.#active.get(courseId)?.streamKey === streamKey) this.#endCourse(courseId);
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#stopListening();
    for (const { session } of this.#active.values()) session.end('stopping', 'The server is stopping.');
  }

  async #admit(connection: IngestConnection, streamKey: string): Promise<void> {
    const admission: Admission = { courseId: undefined, isKeyReplaced: false };
    this.#admissions.add(admission);
    try {
      const courseId = await this.#options.streamKeys.resolve(streamKey);
      if (!courseId) throw await this.#wrongKey(connection, streamKey);
      admission.courseId = courseId;
      this.#requireUncontested(courseId);
      const lecture = await this.#openOrRelay(courseId, connection);
      if (!lecture) return;
      if (admission.isKeyReplaced) throw new CodedError('streamKey.wrong', 'This stream key was just replaced. Copy the new one from the course page.');
      if (this.#isClosed) throw new CodedError('server.stopping', 'The server is stopping.');
      if (!connection.isClosed) this.#startSession(lecture, { courseId, connection, streamKey });
    } catch (err) {
      const sentence = err instanceof CodedError ? err.message : 'Lectern could not open the lecture: something failed on the server.';
      this.#options.rateLimitedLogger.warn({ address: connection.address, courseId: admission.courseId, reason: sentence }, 'ingestSession.refused');
      connection.refuse(sentence);
      if (!(err instanceof CodedError)) throw err;
    } finally {
      this.#admissions.delete(admission);
    }
  }

  /** The lecture; undefined if another node has it and the connection was passed on to that one. */
  async #openOrRelay(courseId: CourseId, connection: IngestConnection): Promise<IngestLecture | undefined> {
    const { lectures, logger } = this.#options;
    try {
      return await lectures.openForIngest(courseId);
    } catch (err) {
      if (isCoded(err, 'lecture.notFound')) await this.#options.streamKeys.noteUnawaited(courseId);
      const address = isCoded(err, 'lecture.elsewhere') ? await lectures.ownerAddress(courseId) : undefined;
      if (isCoded(err, 'lecture.elsewhere') && address === undefined) logger.warn({ courseId }, 'ingestSession.ownerHasNoAddress');
      if (address === undefined) throw err;
      logger.info({ courseId, from: connection.address, address }, 'ingestSession.relayed');
      connection.relay(address);
      return undefined;
    }
  }

  /** With a key that was replaced, the course is known: its instructor sees why the encoder is refused. */
  async #wrongKey(connection: IngestConnection, streamKey: string): Promise<CodedError> {
    const { streamKeys, lectures } = this.#options;
    const courseId = await streamKeys.resolveReplaced(streamKey);
    if (!courseId) return new CodedError('streamKey.wrong', 'This stream key is not valid. Copy the current one from the course page, or create a new one there.');
    const problem = 'The encoder uses an old stream key, which was replaced. Enter the current one, or create a new one on the course page.';
    const health = healthOf({ protocol: connection.protocol, state: 'refused', problem, source: new SourceInspector().measure(), isReencoded: false, extraAdvice: [] });
    if (!this.#active.has(courseId)) lectures.findLive(courseId)?.reportHealth(health);
    return new CodedError('streamKey.wrong', problem);
  }

  #startSession(lecture: IngestLecture, { courseId, connection, streamKey }: { courseId: CourseId; connection: IngestConnection; streamKey: string }): void {
    const before = this.#active.get(courseId);
    const { ffmpegCommand, clock, logger, streamKeys } = this.#options;
    if (before) {
      if (before.connection.silentForMs <= aliveWithinMs) this.#takeovers.set(courseId, [...this.#recentTakeovers(courseId), clock.nowMs()]);
      logger.info({ courseId, lectureId: lecture.lectureId, silentForMs: Math.round(before.connection.silentForMs) }, 'ingestSession.takenOver');
      before.session.end('replaced', 'Another encoder with the same stream key has taken over.');
    }
    const session = new IngestSession({
      courseId,
      lecture,
      origin: connection,
      ffmpegCommand,
      clock,
      logger,
      onEnded: (reason, problem) => {
        if (this.#active.get(courseId)?.session === session) this.#active.delete(courseId);
        if (reason === 'refused' && problem) connection.refuse(problem);
        else connection.close('ended', reason);
      },
    });
    if (this.#recentTakeovers(courseId).length >= maxTakeovers) session.advise(contestAdvice);
    this.#active.set(courseId, { streamKey, connection, session });
    logger.info({ courseId, lectureId: lecture.lectureId, address: connection.address }, 'ingestSession.connected');
    background('streamKey.noteUse', streamKeys.noteUse(courseId), logger);
    connection.accept(session);
  }

  #requireUncontested(courseId: CourseId): void {
    const current = this.#active.get(courseId);
    if (!current || current.connection.silentForMs > aliveWithinMs) return;
    if (this.#recentTakeovers(courseId).length < maxTakeovers) return;
    current.session.advise(contestAdvice);
    throw new CodedError('lecture.busy', contestAdvice);
  }

  #recentTakeovers(courseId: CourseId): number[] {
    const sinceMs = this.#options.clock.nowMs() - contestWindowMs;
    const recent = (this.#takeovers.get(courseId) ?? []).filter((atMs) => atMs >= sinceMs);
    if (recent.length === 0) this.#takeovers.delete(courseId);
    return recent;
  }

  #endCourse(courseId: CourseId): void {
    for (const admission of this.#admissions) if (admission.courseId === courseId) admission.isKeyReplaced = true;
    this.#active.get(courseId)?.session.end('refused', 'The stream key of this course was replaced. Enter the new one in the encoder.');
  }
}
