import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/** A hash of names and contents; the order in which they are given does not matter. */
export function stampOf(files) {
  const hash = createHash('sha256');
  for (const { name, content } of [...files].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    hash.update(`${name.length}:${name}:${content.length}:`).update(content);
  }
  return hash.digest('hex');
}

/** Every file below the given paths (files or folders), with its name relative to root. Paths that do not exist are ignored. */
export function filesBelow(root, paths, isWanted = () => true) {
  const found = [];
  const visit = (path) => {
    const name = relative(root, path).split(sep).join('/');
    if (name && !isWanted(name)) return;
    if (!statSync(path).isDirectory()) found.push({ name, content: readFileSync(path) });
    else for (const entry of readdirSync(path)) visit(join(path, entry));
  };
  for (const path of paths) if (existsSync(join(root, path))) visit(join(root, path));
  return found;
}

export function readStamp(path) {
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined;
}

export function writeStamp(path, stamp) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${stamp}\n`);
}
