type Environment = Readonly<Record<string, string | undefined>>;

/** The library that makes a process believe in another wall clock; undefined where it is not to be had. */
export function findFaketime(env: Environment): string | undefined;

/** The program nginx; undefined where it is not to be had. */
export function findNginx(env: Environment): string | undefined;
