import type { JobHandler, JobQueue } from '#engine/kernel';

/** Runs the jobs of a test when it asks for that, one after the other. */
export class JobRunner {
  readonly #queue: JobQueue;
  readonly #handlers = new Map<string, JobHandler<unknown>>();

  constructor(queue: JobQueue) {
    this.#queue = queue;
  }

  handle<Data>(handler: JobHandler<Data>): void {
    this.#handlers.set(handler.kind.name, handler);
  }

  /** Runs every job that waits, also those that are added meanwhile. Resolves with the errors of those that failed. */
  async runAll(): Promise<string[]> {
    const errors: string[] = [];
    for (;;) {
      await this.#queue.sweep();
      const job = await this.#queue.claim([...this.#handlers.values()].map(({ kind }) => kind), 'test');
      const handler = job && this.#handlers.get(job.kind);
      if (!job || !handler) return errors;
      const { _id: jobId, key, fence, attempts: attempt } = job;
      try {
        await handler.run({ jobId, key, data: handler.kind.data.parse(job.data), attempt, fence, signal: new AbortController().signal, progress: () => undefined });
        await this.#queue.finish(job, { type: 'succeeded' });
      } catch (err) {
        const error = err instanceof Error ? err.message : String(err);
        errors.push(error);
        await this.#queue.finish(job, { type: 'failed', error });
      }
    }
  }
}
