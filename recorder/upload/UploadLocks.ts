// Responsible for one request at a time on each upload, in all processes. Owns the locks of this process, and asks other processes for
// theirs. Owns its subscription.
import * as z from 'zod';
import { CodedError } from '#engine/contract';
import { delay, topic } from '#engine/kernel';
import type { Bus, Clock, LeaseKeeper, Unsubscribe } from '#engine/kernel';
import { uploadLeaseWaitMs, uploadLockRetryMs, uploadLockWaitMs } from './limits.ts';

/** A request that holds an upload. */
export interface UploadHolder {
  /** Its client seems to be gone. */
  readonly isStalled: boolean;
  /** Ends the request soon. */
  abort(): void;
}

interface Held {
  holder: UploadHolder;
  released: Promise<void>;
}

/** Somebody waits for an upload that another process holds. */
const wanted = topic('uploads.wanted', z.object({ uploadId: z.string() }));

export interface UploadLocksOptions {
  leases: LeaseKeeper;
  bus: Bus;
  clock: Clock;
}

export class UploadLocks {
  readonly #options: UploadLocksOptions;
  readonly #held = new Map<string, Held>();
  #unsubscribe: Unsubscribe = () => undefined;

  static async open(options: UploadLocksOptions): Promise<UploadLocks> {
    const locks = new UploadLocks(options);
    const onMessage = ({ uploadId }: { uploadId: string }) => locks.#endStalled(uploadId);
    locks.#unsubscribe = await options.bus.subscribe(wanted, { onMessage, onMissed: () => undefined });
    return locks;
  }

  constructor(options: UploadLocksOptions) {
    this.#options = options;
  }

  /**
   * Runs the task while no other request has the upload. A request whose client is gone is ended for it.
   * @throws CodedError `upload.locked` when another client is sending
   */
  async hold<T>(uploadId: string, holder: UploadHolder, task: () => Promise<T>): Promise<T> {
    const untilMs = this.#options.clock.nowMs() + uploadLockWaitMs;
    for (let held = this.#held.get(uploadId); held; held = this.#held.get(uploadId)) {
      this.#endStalled(uploadId);
      await this.#waitFor(held.released, untilMs);
    }
    const released = Promise.withResolvers<void>();
    this.#held.set(uploadId, { holder, released: released.promise });
    try {
      return await this.#withLease(uploadId, holder, task);
    } finally {
      this.#held.delete(uploadId);
      released.resolve();
    }
  }

  close(): void {
    this.#unsubscribe();
    for (const { holder } of this.#held.values()) holder.abort();
  }

  async #withLease<T>(uploadId: string, holder: UploadHolder, task: () => Promise<T>): Promise<T> {
    const { leases, bus, clock } = this.#options;
    const untilMs = clock.nowMs() + uploadLeaseWaitMs;
    const key = `upload ${uploadId}`;
    let lease = await leases.take(key, { isTransient: true });
    while (!lease) {
      bus.publish(wanted, { uploadId });
      if (clock.nowMs() >= untilMs) throw locked();
      await delay(clock, uploadLockRetryMs);
      lease = await leases.take(key, { isTransient: true });
    }
    const stop = lease.onLost(() => holder.abort());
    try {
      return await task();
    } finally {
      stop();
      await lease.release();
    }
  }

  async #waitFor(released: Promise<void>, untilMs: number): Promise<void> {
    const { clock } = this.#options;
    if (clock.nowMs() >= untilMs) throw locked();
    const waiting = new AbortController();
    await Promise.race([released, delay(clock, uploadLockRetryMs, waiting.signal).catch(() => undefined)]);
    waiting.abort();
  }

  #endStalled(uploadId: string): void {
    const held = this.#held.get(uploadId);
    if (held?.holder.isStalled) held.holder.abort();
  }
}

function locked(): CodedError {
  return new CodedError('upload.locked', 'Another window or program is sending this file. Stop it there, or let it finish.', { details: { retryAfterSeconds: 3 } });
}
