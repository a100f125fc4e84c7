import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findFaketime } from '../../../engine/setup/testPrograms.mjs';

const library = findFaketime(process.env);

/**
 * A wall clock of another process that can be set while it runs, by Debian's libfaketime; its monotonic clock is left
 * alone, as setting a machine's clock leaves it. Owns the file that says how far it is off.
 */
export class SteppedClock {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Undefined where libfaketime is not to be had; says so. */
  static async open(): Promise<SteppedClock | undefined> {
    if (!library) {
      process.stderr.write('!!! The clock is not set in this run: that needs libfaketime, which the set-up fetches on Debian and Ubuntu.\n');
      return undefined;
    }
    const clock = new SteppedClock(await mkdtemp(path.join(tmpdir(), 'lectern-clock-')));
    clock.set(0);
    return clock;
  }

  /** For the environment of the process. */
  get settings(): Record<string, string> {
    return {
      LD_PRELOAD: library ?? '',
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_CACHE_DURATION: '1',
      DONT_FAKE_MONOTONIC: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      NO_FAKE_STAT: '1',
    };
  }

  /** Works within a second. */
  set(offsetSeconds: number): void {
    writeFileSync(this.#file, `${offsetSeconds < 0 ? '-' : '+'}${Math.abs(offsetSeconds)}\n`);
  }

  async close(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  get #file(): string {
    return path.join(this.#folder, 'offset');
  }
}
