/**
 * Whether npm's record of what it installed (node_modules/.package-lock.json) agrees with package-lock.json.
 * Packages for other platforms are optional, and missing.
 */
export function isInstalledAs(lock, installed) {
  const wanted = Object.entries(lock.packages).filter(([path, entry]) => path !== '' && !entry.optional && !entry.peer);
  return (
    wanted.every(([path, entry]) => installed.packages?.[path]?.version === entry.version) &&
    Object.entries(installed.packages ?? {}).every(([path, entry]) => lock.packages[path]?.version === entry.version)
  );
}
