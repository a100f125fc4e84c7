import { readFileSync } from 'node:fs';

// A suite that needs a server names the setting with its address.
const serverSetting = /\bLECTERN_TEST_\w*(?:ENDPOINT|URL)\b/g;

/** The settings in these texts that are not set: what needs those servers was not tested. */
export function unsetServerSettings(texts: readonly string[], env: Readonly<Record<string, string | undefined>>): string[] {
  const named = new Set(texts.flatMap((text) => text.match(serverSetting) ?? []));
  return [...named].filter((name) => !env[name]).sort();
}

export function readAll(paths: readonly string[]): string[] {
  return paths.map((path) => readFileSync(path, 'utf8'));
}
