import type * as z from 'zod';

/** The settings are invalid. The message lists every problem, one per line. */
export class ConfigError extends Error {
  /** One line per problem: `LECTERN_HTTP_PORT: expected a number`. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`${problems.length} invalid setting${problems.length === 1 ? '' : 's'}:\n${problems.map((line) => `  - ${line}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** Checks settings against each other and reports those that do not fit together. */
export type CrossCheck<Settings> = (settings: Settings, addProblem: (setting: string, message: string) => void) => void;

/**
 * Parses environment variables with a schema of settings and freezes the result. An empty value counts as unset. All problems
 * are reported at once: when a setting is invalid by itself, `crossCheck` runs with its default.
 * @throws ConfigError
 */
export function parseConfig<S extends z.ZodType>(schema: S, environment: NodeJS.ProcessEnv, crossCheck?: CrossCheck<z.infer<S>>): Readonly<z.infer<S>> {
  const values = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''));
  const result = schema.safeParse(values);
  const issues = result.success ? [] : result.error.issues;
  const problems = issues.map(({ path, message }) => `${path.join('.') || 'settings'}: ${message}`);
  const checked = result.success ? result : schema.safeParse(omit(values, new Set(issues.map(({ path }) => path[0]))));
  if (checked.success) crossCheck?.(checked.data, (setting, message) => problems.push(`${setting}: ${message}`));
  if (result.success && problems.length === 0) return Object.freeze(result.data);
  throw new ConfigError(problems);
}

function omit(values: Readonly<Record<string, string | undefined>>, names: ReadonlySet<unknown>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !names.has(name)));
}
