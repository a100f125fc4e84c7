/** The Debian packages that a worker is built from. */
export const buildPackages: readonly string[];

/** Copies the worker's source from the mediasoup package, prepared for a build with Debian's libraries. */
export function copyWorkerSource(packaged: string, target: string): void;

export function recipeStamp(): string;
