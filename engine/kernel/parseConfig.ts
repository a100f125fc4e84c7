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

/** Says what no single setting can: which of them do not go together. */
export type CrossCheck<Settings> = (settings: Settings, addProblem: (setting: string, message: string) => void) => void;

/**
 * Parses the environment with the stations' settings schema; an empty value counts as unset. All problems are told at
 * once: where a setting is wrong by itself, the others are checked together with its default.
 */
export function parseConfig<S extends z.ZodType>(schema: S, environment: NodeJS.ProcessEnv, crossCheck?: CrossCheck<z.infer<S>>): Readonly<z.infer<S>> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''));
  const result = schema.safeParse(given);
  const issues = result.success ? [] : result.error.issues;
  const problems = issues.map(({ path, message }) => `${path.join('.') || 'settings'}: ${message}`);
  const checked = result.success ? result : schema.safeParse(without(given, new Set(issues.map(({ path }) => path[0]))));
  if (checked.success) crossCheck?.(checked.data, (setting, message) => problems.push(`${setting}: ${message}`));
  if (result.success && problems.length === 0) return Object.freeze(result.data);
  throw new ConfigError(problems);
}

function without(given: Readonly<Record<string, string | undefined>>, names: ReadonlySet<unknown>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(given).filter(([name]) => !names.has(name)));
}
