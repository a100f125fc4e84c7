/** For a promise that nobody awaits: its failure goes where uncaught errors go, so that it is seen. */
export function background(promise: Promise<unknown>): void {
  promise.catch((error: unknown) => reportError(error));
}
