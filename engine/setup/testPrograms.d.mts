type Environment = Readonly<Record<string, string | undefined>>;

/** The library that gives a process another wall clock; undefined where it is not available. */
export function findFaketime(env: Environment): string | undefined;

/** The program nginx; undefined where it is not available. */
export function findNginx(env: Environment): string | undefined;

/** The module `stream` of Debian's nginx; undefined where it is not available. */
export function findNginxStream(env: Environment): string | undefined;
