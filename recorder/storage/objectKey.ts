/** No segment begins with a dot, so none is `.` or `..`, nor hidden. */
const segment = '[A-Za-z0-9_][A-Za-z0-9._-]{0,127}';
const keyPattern = new RegExp(`^${segment}(?:/${segment}){0,9}$`);
const folderPattern = new RegExp(`^(?:${segment}/){1,9}$`);

export function isObjectKey(text: string): boolean {
  return keyPattern.test(text);
}

/** Keys are made here, never taken from a request: another one is a bug. */
export function assertObjectKey(key: string): void {
  if (!isObjectKey(key)) throw new Error(`not an object key: ${JSON.stringify(key)}`);
}

export function assertFolderPrefix(prefix: string): void {
  if (!folderPattern.test(prefix)) throw new Error(`not the prefix of a folder: ${JSON.stringify(prefix)}`);
}

/** Folders, or the beginning of a name in one, or nothing at all. */
export function assertListPrefix(prefix: string): void {
  if (prefix !== '' && !folderPattern.test(prefix)) assertObjectKey(prefix);
}
