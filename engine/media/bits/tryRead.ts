/** The result of `read`; undefined when it throws a RangeError, as the parsers in this folder do for damaged bytes. */
export function tryRead<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (err) {
    if (err instanceof RangeError) return undefined;
    throw err;
  }
}
