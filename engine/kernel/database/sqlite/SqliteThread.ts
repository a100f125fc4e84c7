// Responsible for the thread that holds a SQLite file: a slow disk blocks that thread and not the event loop of this one. When the
// thread ends by itself, the calls in flight fail and another thread opens the file again. Owns the thread and ends it.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { CodedError } from '../../../contract/errors.ts';
import { systemClock } from '../../Clock.ts';
import type { Clock } from '../../Clock.ts';
import type { Logger } from '../../Logger.ts';
import { retry } from '../../retry.ts';
import { toUnavailable } from '../toUnavailable.ts';
import type { SqliteCall, SqliteChannel, SqliteResults } from './SqliteCall.ts';
import { decodeError } from './threadErrors.ts';
import { OPENED } from './threadMessages.ts';
import type { ThreadReply, ThreadRequest } from './threadMessages.ts';

export interface SqliteThreadOptions {
  path: string;
  /** Where the end of a thread is reported. */
  logger?: Logger;
  clock?: Clock;
  /** The program of the thread. Tests replace it. */
  program?: URL;
}

interface Pending {
  resolve: (result: unknown) => void;
  reject: (error: unknown) => void;
}

/** Delays between two attempts to open the file again, in ms: short, as nothing can be stored until then. */
const restartRetry = { firstDelayMs: 100, maxDelayMs: 5000, attempts: Infinity } as const;

const threadProgram = new URL('./thread.ts', import.meta.url);

export class SqliteThread implements SqliteChannel {
  readonly #options: SqliteThreadOptions;
  readonly #pending = new Map<number, Pending>();
  /** Sent again to a new thread. */
  readonly #declarations: SqliteCall[] = [];
  readonly #closing = new AbortController();
  /** Requests of this turn; while there is no thread, those that wait for one. */
  #outgoing: ThreadRequest[] = [];
  /** Undefined while there is none. */
  #worker: Worker | undefined;
  #lastId = OPENED;
  #closed: Promise<void> | undefined;

  private constructor(options: SqliteThreadOptions) {
    this.#options = options;
  }

  /** @throws DatabaseFileError when the file cannot be used */
  static async open(options: SqliteThreadOptions): Promise<SqliteThread> {
    const thread = new SqliteThread(options);
    thread.#worker = await thread.#start();
    return thread;
  }

  call<C extends SqliteCall>(call: C): Promise<SqliteResults[C['kind']]> {
    if (this.#closed) return Promise.reject(new Error('the database is closed'));
    if (call.kind === 'declare') this.#declarations.push(call);
    return this.#request(call) as Promise<SqliteResults[C['kind']]>;
  }

  close(): Promise<void> {
    return (this.#closed ??= this.#close());
  }

  async #close(): Promise<void> {
    const worker = this.#worker;
    this.#closing.abort(new Error('the database is closed'));
    if (!worker) return this.#failAll(new Error('the database is closed'));
    const exited = once(worker, 'exit');
    await this.#request('close');
    await exited;
  }

  /** Resolves to a thread that has opened the file. */
  async #start(): Promise<Worker> {
    const { path, program = threadProgram } = this.#options;
    const worker = new Worker(program, { workerData: { path }, name: 'database' });
    const ended = new Promise<never>((_, reject) => {
      let reason: unknown;
      worker.on('error', (err) => {
        reason = err;
      });
      worker.once('exit', (code) => {
        const cause = reason ?? new Error(`the thread of the database has ended with code ${code}`);
        reject(new CodedError('database.unavailable', 'The database has stopped and is started again. Try again in a moment.', { cause }));
      });
    });
    const opened = new Promise((resolve, reject) => this.#pending.set(OPENED, { resolve, reject }));
    worker.on('message', (replies: readonly ThreadReply[]) => this.#settle(replies));
    await Promise.race([opened, ended]);
    ended.catch((err: unknown) => this.#onEnded(worker, err));
    if (this.#pending.size === 0) worker.unref();
    return worker;
  }

  #onEnded(worker: Worker, err: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#failAll(err);
    if (this.#closed) return;
    this.#options.logger?.error({ err }, 'database.threadEnded');
    this.#restart().catch((err: unknown) => this.#failAll(err));
  }

  /** Rejects only after the database was closed. */
  async #restart(): Promise<void> {
    const { clock = systemClock, logger } = this.#options;
    const worker = await retry<Worker>(() => this.#start(), {
      ...restartRetry,
      clock,
      signal: this.#closing.signal,
      onFailure: (err, attempt, nextDelayMs) => {
        logger?.error({ err, attempt, nextDelayMs }, 'database.restartFailed');
        this.#failAll(toUnavailable(err));
      },
    });
    if (this.#closed) return void (await worker.terminate());
    const waiting = this.#outgoing;
    this.#outgoing = [];
    this.#worker = worker;
    for (const call of this.#declarations) this.#request(call).catch((err: unknown) => logger?.error({ err }, 'database.declarationFailed'));
    this.#outgoing.push(...waiting);
    this.#flush();
    logger?.info('database.threadRestarted');
  }

  #request(call: ThreadRequest['call']): Promise<unknown> {
    this.#lastId += 1;
    const id = this.#lastId;
    if (this.#pending.size === 0) this.#worker?.ref();
    if (this.#outgoing.push({ id, call }) === 1) queueMicrotask(() => this.#flush());
    return new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject }));
  }

  #flush(): void {
    if (!this.#worker || this.#outgoing.length === 0) return;
    const requests = this.#outgoing;
    this.#outgoing = [];
    this.#worker.postMessage(requests);
  }

  #settle(replies: readonly ThreadReply[]): void {
    for (const reply of replies) {
      const pending = this.#pending.get(reply.id);
      this.#pending.delete(reply.id);
      if ('error' in reply) pending?.reject(decodeError(reply.error));
      else pending?.resolve(reply.result);
    }
    // A thread without calls does not keep the process alive.
    if (this.#pending.size === 0 && !this.#closed) this.#worker?.unref();
  }

  #failAll(error: unknown): void {
    this.#outgoing = [];
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) reject(error);
  }
}
