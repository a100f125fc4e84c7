/** Long: a limit ends a hang, and a busy machine takes several times as long as a quiet one. */
const defaultLimitMs = 60_000;
const pollMs = 20;
/** Of the time that a condition takes itself, so that polling a browser leaves the machine to the browser. */
const pauseShare = 4;
const longestPauseMs = 500;

/** Waits until a condition holds and returns what it yields. Fails, with `what` in the message, when the limit passes first. */
export async function until<T>(what: string, condition: () => T | Promise<T>, limitMs = defaultLimitMs): Promise<NonNullable<T>> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const startedAt = performance.now();
    const value = await condition();
    if (value) return value;
    const now = performance.now();
    if (now > deadline) throw new Error(`waited ${limitMs} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, Math.min(longestPauseMs, Math.max(pollMs, pauseShare * (now - startedAt)))));
  }
}
