import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findFaketime } from '../../../engine/setup/testPrograms.mjs';

const library = findFaketime(process.env);

/**
 * The wall clock of another process, which can be set while it runs, by Debian's libfaketime. Its monotonic clock does not
 * change, as when the clock of a machine is set. Owns the file with the offset.
 */
export class SteppedClock {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Undefined where libfaketime is not available; prints that. */
  static async open(): Promise<SteppedClock | undefined> {
    if (!library) {
      process.stderr.write('!!! The clock is not set in this run: that needs libfaketime, which the set-up downloads on Debian and Ubuntu.\n');
      return undefined;
    }
    const clock = new SteppedClock(await mkdtemp(path.join(tmpdir(), 'lectern-clock-')));
    clock.set(0);
    return clock;
  }

  /** The environment variables of the process. */
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

  /** Takes effect within a second. */
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
