import type * as z from 'zod';

/** Settings that do not fit, all of them, in words. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`${problems.length} setting${problems.length === 1 ? '' : 's'} to mend:\n${problems.map((line) => `  - ${line}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** Parses the environment with the stations' settings schema; an empty value counts as unset. */
export function parseConfig<S extends z.ZodType>(schema: S, environment: NodeJS.ProcessEnv): Readonly<z.infer<S>> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''));
  const result = schema.safeParse(given);
  if (result.success) return Object.freeze(result.data);
  throw new ConfigError(result.error.issues.map((issue) => `${issue.path.join('.') || 'settings'}: ${issue.message}`));
}
