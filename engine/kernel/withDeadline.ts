import type { Clock } from './Clock.ts';

/** Settles as `promise` does, or rejects with what `onExpired` returns after `deadlineMs`. */
export function withDeadline<T>(promise: Promise<T>, { clock, deadlineMs, onExpired }: { clock: Clock; deadlineMs: number; onExpired: () => Error }): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(deadlineMs, () => reject(onExpired()));
    promise.then(resolve, reject).finally(cancel);
  });
}
