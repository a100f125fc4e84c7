/** Prepares this machine for a purpose, as the npm scripts do. Resolves with the exit status. */
export function prepare(purpose: 'start' | 'test' | 'bench' | 'cluster', env?: NodeJS.ProcessEnv): Promise<number>;
