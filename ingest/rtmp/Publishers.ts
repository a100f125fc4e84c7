import { CodedError } from '#engine/contract';
import type { CourseId } from '#engine/contract';
import { background } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import { rtmpApp } from '../contract/index.ts';
import { IngestSession } from '../session/IngestSession.ts';
import type { IngestLecture, IngestLectures } from '../IngestLectures.ts';
import type { StreamKeys } from '../keys/StreamKeys.ts';
import type { RateLimitedLogger } from './RateLimitedLogger.ts';
import type { RtmpConnection } from './RtmpConnection.ts';

/**
 * Two encoders that take over from each other again and again: the one on the air stays. An encoder whose network was cut
 * takes over from itself, as often as that happens; what tells it from two is that the connection before it is silent.
 */
const contestWindowMs = 60_000;
const contestTakeovers = 3;
/** Sound comes 47 times a second; encoders wait 2 s before they connect again. */
const aliveWithinMs = 1000;
const contestAdvice = 'Two encoders use the stream key of this course and keep replacing each other. Stop one of them, or create a new key for the one to keep.';

export interface PublishersOptions {
  streamKeys: StreamKeys;
  lectures: IngestLectures;
  ffmpegCommand: string;
  clock: Clock;
  logger: Logger;
  rateLimitedLogger: RateLimitedLogger;
}

interface OnAir {
  connection: RtmpConnection;
  encoder: IngestSession;
}

interface Admission {
  courseId: CourseId | undefined;
  hasKeyDied: boolean;
}

/**
 * Who publishes to which course: at most one encoder each, and the newest one wins. Refuses wrong keys, ends what runs on
 * a key that died. Owns the encoders.
 */
export class Publishers {
  readonly #options: PublishersOptions;
  readonly #onAir = new Map<CourseId, OnAir>();
  readonly #takeovers = new Map<CourseId, number[]>();
  readonly #admissions = new Set<Admission>();
  readonly #stopListening: () => void;
  #isClosed = false;

  constructor(options: PublishersOptions) {
    this.#options = options;
    this.#stopListening = options.streamKeys.onKeyDied(({ courseId }) => this.#endCourse(courseId));
  }

  /** Answers the connection, sooner or later. */
  admit(connection: RtmpConnection, request: { app: string; name: string }): void {
    background('rtmp.admit', this.#admit(connection, request), this.#options.logger);
  }

  close(): void {
    this.#isClosed = true;
    this.#stopListening();
    for (const { encoder } of this.#onAir.values()) encoder.end('stopping', 'The server is stopping.');
  }

  async #admit(connection: RtmpConnection, request: { app: string; name: string }): Promise<void> {
    const admission: Admission = { courseId: undefined, hasKeyDied: false };
    this.#admissions.add(admission);
    try {
      if (request.app !== rtmpApp) throw new CodedError('streamKey.wrong', `The server address is wrong: it must end in /${rtmpApp}. Copy it from the course page.`);
      const courseId = await this.#options.streamKeys.resolve(request.name);
      if (!courseId) throw new CodedError('streamKey.wrong', 'This stream key is not valid. Copy the current one from the course page.');
      admission.courseId = courseId;
      this.#assertUncontested(courseId);
      const lecture = await this.#options.lectures.openForIngest(courseId);
      if (admission.hasKeyDied) throw new CodedError('streamKey.wrong', 'This stream key was just replaced. Copy the new one from the course page.');
      if (this.#isClosed) throw new CodedError('server.stopping', 'The server is stopping.');
      if (!connection.isClosed) this.#putOnAir(courseId, lecture, connection);
    } catch (err) {
      const sentence = err instanceof CodedError ? err.message : 'Lectern could not open the lecture: something failed on the server.';
      this.#options.rateLimitedLogger.warn({ address: connection.address, courseId: admission.courseId, reason: sentence }, 'ingestSession.refused');
      connection.refuse(sentence);
      if (!(err instanceof CodedError)) throw err;
    } finally {
      this.#admissions.delete(admission);
    }
  }

  #putOnAir(courseId: CourseId, lecture: IngestLecture, connection: RtmpConnection): void {
    const before = this.#onAir.get(courseId);
    const { ffmpegCommand, clock, logger, streamKeys } = this.#options;
    if (before) {
      if (before.connection.silentForMs <= aliveWithinMs) this.#takeovers.set(courseId, [...this.#recentTakeovers(courseId), clock.nowMs()]);
      logger.info({ courseId, lectureId: lecture.lectureId, silentForMs: Math.round(before.connection.silentForMs) }, 'ingestSession.takenOver');
      before.encoder.end('replaced', 'Another encoder with the same stream key has taken over.');
    }
    const encoder = new IngestSession({
      courseId,
      lecture,
      ffmpegCommand,
      clock,
      logger,
      onEnded: (reason, problem) => {
        if (this.#onAir.get(courseId)?.encoder === encoder) this.#onAir.delete(courseId);
        if (reason === 'refused' && problem) connection.refuse(problem);
        else connection.close('ended', reason);
      },
    });
    if (this.#recentTakeovers(courseId).length >= contestTakeovers) encoder.advise(contestAdvice);
    this.#onAir.set(courseId, { connection, encoder });
    logger.info({ courseId, lectureId: lecture.lectureId, address: connection.address }, 'ingestSession.connected');
    background('streamKey.noteUse', streamKeys.noteUse(courseId), logger);
    connection.accept(encoder);
  }

  #assertUncontested(courseId: CourseId): void {
    const current = this.#onAir.get(courseId);
    if (!current || current.connection.silentForMs > aliveWithinMs) return;
    if (this.#recentTakeovers(courseId).length < contestTakeovers) return;
    current.encoder.advise(contestAdvice);
    throw new CodedError('lecture.busy', contestAdvice);
  }

  #recentTakeovers(courseId: CourseId): number[] {
    const sinceMs = this.#options.clock.nowMs() - contestWindowMs;
    const recent = (this.#takeovers.get(courseId) ?? []).filter((atMs) => atMs >= sinceMs);
    if (recent.length === 0) this.#takeovers.delete(courseId);
    return recent;
  }

  #endCourse(courseId: CourseId): void {
    for (const admission of this.#admissions) if (admission.courseId === courseId) admission.hasKeyDied = true;
    this.#onAir.get(courseId)?.encoder.end('refused', 'The stream key of this course was replaced. Enter the new one in the encoder.');
  }
}
