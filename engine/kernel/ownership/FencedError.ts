import { CodedError } from '../../contract/index.ts';

/** The database has refused a write, because another process owns the object now. Nothing was written. */
export class FencedError extends CodedError {
  /** `what`: the object, such as the id of a lecture. `fence`: the number that was too old. */
  constructor(what: string, fence: number, options?: ErrorOptions) {
    super('lecture.elsewhere', 'Another server has taken over this lecture. It continues there in a moment.', { ...options, details: { what, fence } });
    this.name = 'FencedError';
  }
}
