import { readFileSync } from 'node:fs';

// A suite that needs a server, or a program that is not installed with Lectern, names the setting with its address or path.
const neededSetting = /\bLECTERN_TEST_\w*(?:ENDPOINT|URL|PYTHON)\b/g;

/** The settings in these texts that are not set: what needs those servers was not tested. */
export function unsetServerSettings(texts: readonly string[], env: Readonly<Record<string, string | undefined>>): string[] {
  const named = new Set(texts.flatMap((text) => text.match(neededSetting) ?? []));
  return [...named].filter((name) => !env[name]).sort();
}

export function readAll(paths: readonly string[]): string[] {
  return paths.map((path) => readFileSync(path, 'utf8'));
}
