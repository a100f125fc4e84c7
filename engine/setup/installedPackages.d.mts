interface Lockfile {
  packages: Record<string, { version?: string; optional?: boolean; peer?: boolean }>;
}

export function isInstalledAs(lock: Lockfile, installed: Partial<Lockfile>): boolean;
