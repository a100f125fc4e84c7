import { printable } from './printable.ts';

const reportedDefects = 10;

/** The results of one family of inputs. */
export class Tally {
  inputs = 0;
  /** Attempted connections, where an input is counted once its connection is established. */
  attempted = 0;
  /** Refused with a coded error, or disconnected. */
  refused = 0;
  answered = 0;
  /** What the server must not do, with the input that caused it. */
  readonly defects: string[] = [];

  defect(what: string, input: unknown): void {
    if (this.defects.length < reportedDefects) this.defects.push(`${what}: ${printable(input)}`);
  }
}
