export interface Device {
  /** `Firefox on Linux`, or what of it the user agent names; undefined for a program. */
  browser: string | undefined;
  system: string | undefined;
  label: string | undefined;
  isPhone: boolean;
}

/** The first that matches: Edge and Opera also call themselves Chrome, and everything calls itself Safari. */
const browsers = [['Edg', 'Edge'], ['OPR', 'Opera'], ['SamsungBrowser', 'Samsung Internet'], ['FxiOS', 'Firefox'], ['Firefox', 'Firefox'], ['CriOS', 'Chrome'], ['Chrome', 'Chrome'], ['Safari', 'Safari']] as const;
const systems = [['iPhone', 'iPhone'], ['iPad', 'iPad'], ['Android', 'Android'], ['Windows', 'Windows'], ['Mac OS X', 'macOS'], ['CrOS', 'ChromeOS'], ['Linux', 'Linux']] as const;

/** The browser and system that a user agent string names. */
export function describeDevice(userAgent: string): Device {
  const browser = browsers.find(([token]) => userAgent.includes(`${token}/`))?.[1];
  const system = systems.find(([token]) => userAgent.includes(token))?.[1];
  const parts = [browser, system].filter((part) => part !== undefined);
  return { browser, system, label: parts.length > 0 ? parts.join(', ') : undefined, isPhone: /Mobile|iPhone|Android/.test(userAgent) };
}
