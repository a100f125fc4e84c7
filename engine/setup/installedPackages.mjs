/**
 * Does what npm wrote down as installed (node_modules/.package-lock.json) agree with package-lock.json?
 * Packages for other platforms are optional, and rightly not there.
 */
export function isInstalledAs(lock, installed) {
  const wanted = Object.entries(lock.packages).filter(([path, entry]) => path !== '' && !entry.optional && !entry.peer);
  return (
    wanted.every(([path, entry]) => installed.packages?.[path]?.version === entry.version) &&
    Object.entries(installed.packages ?? {}).every(([path, entry]) => lock.packages[path]?.version === entry.version)
  );
}
