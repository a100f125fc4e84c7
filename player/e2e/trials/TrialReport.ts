import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';

/** One line of a trial's table: column to value. */
export type TrialRow = Readonly<Record<string, string | number | boolean>>;

/** What a trial observed, one row for each event. `npm run trials` renders the rows as tables; `npm test` writes nothing. */
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
