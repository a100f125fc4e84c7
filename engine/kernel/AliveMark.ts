import { open, stat, utimes } from 'node:fs/promises';
import { background } from './background.ts';
import type { Clock } from './Clock.ts';
import type { Logger } from './Logger.ts';

const intervalMs = 10_000;

export interface AliveMarkOptions {
  file: string;
  clock: Clock;
  logger: Logger;
}

/**
 * Keeps when the server was at work last, as the time of an empty file: a full disk takes that too. Owns a timer; `close`
 * sets the mark once more.
 */
export class AliveMark {
  readonly #options: AliveMarkOptions;
  #cancel: () => void = () => undefined;
  #isRefused = false;

  private constructor(options: AliveMarkOptions) {
    this.#options = options;
  }

  /** When a server was at work last, to ten seconds: ms of its clock; undefined where none was. */
  static async last(file: string): Promise<number | undefined> {
    const found = await stat(file).catch(() => undefined);
    return found?.mtimeMs;
  }

  static async start(options: AliveMarkOptions): Promise<AliveMark> {
    const mark = new AliveMark(options);
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
    const { file, clock, logger } = this.#options;
    try {
      await (await open(file, 'a')).close();
      const seconds = clock.nowMs() / 1000;
      await utimes(file, seconds, seconds);
      this.#isRefused = false;
    } catch (err) {
      if (!this.#isRefused) logger.warn({ err, file }, 'aliveMark.refused');
      this.#isRefused = true;
    }
  }
}
