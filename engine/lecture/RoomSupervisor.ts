import { CodedError } from '../contract/index.ts';
import type { LectureId } from '../contract/index.ts';
import { background } from '../kernel/background.ts';
import type { Clock } from '../kernel/Clock.ts';
import type { Logger } from '../kernel/Logger.ts';
import { retry } from '../kernel/retry.ts';
import type { MediaCloseReason, MediaPlane, MediaRoom } from './ports.ts';
import { roomReopenRetry } from './limits.ts';

export interface RoomSupervisorOptions {
  lectureId: LectureId;
  plane: MediaPlane;
  clock: Clock;
  logger: Logger;
  /** A new room is open. The tracks of the old one are closed. */
  onReset: () => void;
}

/** Keeps a media room open for one lecture: opens a new one when its worker dies. Owns the room; `close` closes it. */
export class RoomSupervisor {
  readonly #options: RoomSupervisorOptions;
  readonly #closing = new AbortController();
  #room: MediaRoom | undefined;

  private constructor(options: RoomSupervisorOptions) {
    this.#options = options;
  }

  static async open(options: RoomSupervisorOptions): Promise<RoomSupervisor> {
    const supervisor = new RoomSupervisor(options);
    await supervisor.#openRoom();
    return supervisor;
  }

  /** @throws CodedError `media.unavailable` while the worker is being replaced */
  get room(): MediaRoom {
    if (!this.#room) throw new CodedError('media.unavailable', 'The media server of this lecture is restarting; try again in a moment.');
    return this.#room;
  }

  close(reason: MediaCloseReason): void {
    this.#closing.abort(new Error('lecture closed'));
    this.#room?.close(reason);
    this.#room = undefined;
  }

  async #openRoom(): Promise<void> {
    const room = await this.#options.plane.openRoom(this.#options.lectureId);
    if (this.#closing.signal.aborted) return room.close('stopping');
    this.#room = room;
    room.onClosed((reason) => {
      if (this.#room !== room) return;
      this.#room = undefined;
      if (reason === 'workerDied') background('room.reopen', this.#reopen(), this.#options.logger);
    });
  }

  async #reopen(): Promise<void> {
    const { clock, logger, lectureId, onReset } = this.#options;
    logger.warn({ lectureId }, 'room.lost');
    await retry(() => this.#openRoom(), {
      clock,
      ...roomReopenRetry,
      attempts: Infinity,
      signal: this.#closing.signal,
      onFailure: (err) => logger.warn({ lectureId, err }, 'room.reopenFailed'),
    });
    if (this.#closing.signal.aborted) return;
    logger.info({ lectureId }, 'room.reopened');
    onReset();
  }
}
