/** Waits for a condition; fails with `what` in the message when it does not come within the limit. */
export async function until<T>(what: string, condition: () => T | Promise<T>, limitMs = 10_000): Promise<NonNullable<T>> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (performance.now() > deadline) throw new Error(`waited ${limitMs} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
