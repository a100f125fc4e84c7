import { printable } from './printable.ts';

const reportedDefects = 10;

/** The results of one family of inputs. */
export class Tally {
  inputs = 0;
  /** Attempted connections. A connection that is established also counts in `inputs`. */
  attempted = 0;
  /** Inputs that the server refused with a coded error, or for which it disconnected. */
  refused = 0;
  answered = 0;
  /** Wrong behaviour of the server, with the input that caused it. */
  readonly defects: string[] = [];

  defect(what: string, input: unknown): void {
    if (this.defects.length < reportedDefects) this.defects.push(`${what}: ${printable(input)}`);
  }
}
