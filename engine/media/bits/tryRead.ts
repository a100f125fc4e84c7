/** What `read` yields; undefined when the bytes end early or make no sense, which readers say with a RangeError. */
export function tryRead<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (err) {
    if (err instanceof RangeError) return undefined;
    throw err;
  }
}
