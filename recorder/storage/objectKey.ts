/** No name begins with a dot, so none is `.`, `..` or hidden. */
const name = '[A-Za-z0-9_][A-Za-z0-9._-]{0,127}';
const keyPattern = new RegExp(`^${name}(?:/${name}){0,9}$`);
const folderPattern = new RegExp(`^(?:${name}/){1,9}$`);

export function isObjectKey(text: string): boolean {
  return keyPattern.test(text);
}

/** Keys are made by Lectern and never taken from a request: any other key is a bug. */
export function assertObjectKey(key: string): void {
  if (!isObjectKey(key)) throw new Error(`not an object key: ${JSON.stringify(key)}`);
}

export function assertFolderPrefix(prefix: string): void {
  if (!folderPattern.test(prefix)) throw new Error(`not the prefix of a folder: ${JSON.stringify(prefix)}`);
}

/** A prefix to list: folders, optionally the beginning of a name, or the empty string. */
export function assertListPrefix(prefix: string): void {
  if (prefix !== '' && !folderPattern.test(prefix)) assertObjectKey(prefix);
}
