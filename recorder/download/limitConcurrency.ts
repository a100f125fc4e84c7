/** Runs at most `limit` tasks at once; others wait for their turn. */
export function limitConcurrency(limit: number): <T>(task: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await task();
    } finally {
      // The place goes to the next one, if somebody waits.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
