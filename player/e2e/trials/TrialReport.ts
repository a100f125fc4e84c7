import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';

/** One line of a trial's table: column to value. */
export type TrialRow = Readonly<Record<string, string | number | boolean>>;

/** What a trial saw, one row for each blow; `npm run trials` makes tables of them. Writes nothing in `npm test`. */
export class TrialReport {
  readonly #file: string | undefined;

  constructor(name: string) {
    const folder = process.env.LECTERN_TRIAL_REPORTS;
    this.#file = folder ? path.join(folder, `${name}.jsonl`) : undefined;
    if (!folder || !this.#file) return;
    mkdirSync(folder, { recursive: true });
    rmSync(this.#file, { force: true });
  }

  add(row: TrialRow): void {
    if (this.#file) appendFileSync(this.#file, `${JSON.stringify(row)}\n`);
  }
}
