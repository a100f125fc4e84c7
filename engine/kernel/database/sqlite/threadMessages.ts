import type { SqliteCall } from './SqliteCall.ts';
import type { ThreadError } from './threadErrors.ts';

/** What the thread is asked to do. Requests of one turn of the event loop travel in one message, and so do replies. */
export interface ThreadRequest {
  /** 1 or more, different for each request. */
  id: number;
  call: SqliteCall | 'close';
}

export type ThreadReply = { id: number; result: unknown } | { id: number; error: ThreadError };

/** Id of the reply that says whether the file could be opened. */
export const OPENED = 0;
