import { open, rm, stat, utimes } from 'node:fs/promises';
import { background } from './background.ts';
import type { Clock } from './Clock.ts';
import type { Logger } from './Logger.ts';

const intervalMs = 10_000;

export interface HeartbeatOptions {
  file: string;
  clock: Clock;
  logger: Logger;
}

/**
 * Keeps when the server was at work last, by the machine's clock, as the time of an empty file: a full disk takes that too.
 * Where it does not, there is no mark. Owns a timer; `close` sets the mark once more.
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #cancel: () => void = () => undefined;
  #isRefused = false;

  private constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  /** For how long no server has been at work, to ten seconds; undefined where that is not known. */
  static async downtimeMs(file: string): Promise<number | undefined> {
    const found = await stat(file).catch(() => undefined);
    return found && Date.now() - found.mtimeMs;
  }

  static async start(options: HeartbeatOptions): Promise<Heartbeat> {
    const mark = new Heartbeat(options);
    await mark.#set();
    mark.#setLater();
    return mark;
  }

  async close(): Promise<void> {
    this.#cancel();
    await this.#set();
  }

  #setLater(): void {
    const { clock, logger } = this.#options;
    this.#cancel = clock.after(intervalMs, () => {
      this.#setLater();
      background('aliveMark.set', this.#set(), logger);
    });
  }

  async #set(): Promise<void> {
    const { file, logger } = this.#options;
    try {
      await (await open(file, 'a')).close();
      const now = new Date();
      await utimes(file, now, now);
      this.#isRefused = false;
    } catch (err) {
      // One that stays as it was would tell of an absence.
      await rm(file, { force: true }).catch(() => undefined);
      if (!this.#isRefused) logger.warn({ err, file }, 'heartbeat.writeFailed');
      this.#isRefused = true;
    }
  }
}
