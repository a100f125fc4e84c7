import { open, rm, stat, utimes } from 'node:fs/promises';
import { background } from './background.ts';
import type { Clock } from './Clock.ts';
import { heartbeatIntervalMs } from './limits.ts';
import type { Logger } from './Logger.ts';

export interface HeartbeatOptions {
  /** Path of the heartbeat file. It is created when it does not exist; its folder must exist. */
  file: string;
  clock: Clock;
  logger: Logger;
}

/**
 * Records when the server was last running: the modification time of an empty file, by the machine's clock. Updating the
 * time needs no disk space, so it works on a full disk. The file is deleted when an update fails, because an old time
 * would be read as a downtime. Owns a timer; `close` updates the file a last time.
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #cancelTimer: () => void = () => undefined;
  #hasFailed = false;

  private constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  /** Milliseconds since the last heartbeat, accurate to 10 s. Undefined when there is no heartbeat file. Call it before `start`. */
  static async downtimeMs(file: string): Promise<number | undefined> {
    const found = await stat(file).catch(() => undefined);
    return found && Date.now() - found.mtimeMs;
  }

  /** Updates the file at once, and again every 10 s. Never rejects: a failure is logged. */
  static async start(options: HeartbeatOptions): Promise<Heartbeat> {
    const heartbeat = new Heartbeat(options);
    await heartbeat.#update();
    heartbeat.#scheduleUpdate();
    return heartbeat;
  }

  async close(): Promise<void> {
    this.#cancelTimer();
    await this.#update();
  }

  #scheduleUpdate(): void {
    const { clock, logger } = this.#options;
    this.#cancelTimer = clock.after(heartbeatIntervalMs, () => {
      this.#scheduleUpdate();
      background('heartbeat.update', this.#update(), logger);
    });
  }

  async #update(): Promise<void> {
    const { file, logger } = this.#options;
    try {
      await (await open(file, 'a')).close();
      const now = new Date();
      await utimes(file, now, now);
      this.#hasFailed = false;
    } catch (err) {
      await rm(file, { force: true }).catch(() => undefined);
      if (!this.#hasFailed) logger.warn({ err, file }, 'heartbeat.writeFailed');
      this.#hasFailed = true;
    }
  }
}
