/** For a promise that is not awaited. Its failure is reported as an uncaught error. */
export function background(promise: Promise<unknown>): void {
  promise.catch((error: unknown) => reportError(error));
}
