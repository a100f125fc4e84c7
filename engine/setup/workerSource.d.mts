/** The Debian packages a worker is built from. */
export const buildPackages: readonly string[];

/** Copies the worker's source out of the mediasoup package, made ready to build from Debian's libraries. */
export function copyWorkerSource(packaged: string, target: string): void;

export function recipeStamp(): string;
