/** Runs `work` on some of the items at once, and yields the results in the order of the items. */
export async function* orderedParallel<Item, Result>(items: Iterable<Item>, limit: number, work: (item: Item) => Promise<Result>): AsyncGenerator<Result> {
  const running: Promise<Result>[] = [];
  try {
    for (const item of items) {
      running.push(work(item));
      const first = running.length >= limit ? running.shift() : undefined;
      if (first) yield await first;
    }
    for (let first = running.shift(); first; first = running.shift()) yield await first;
  } finally {
    // Whoever stopped reading, or failed, does not leave requests behind.
    await Promise.allSettled(running);
  }
}
