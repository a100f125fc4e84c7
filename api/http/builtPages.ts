import { existsSync } from 'node:fs';
import path from 'node:path';

/** The folder of the built pages of the program in `root`; undefined while they are not built. */
export function builtPages(root: string): string | undefined {
  const folder = path.join(root, 'player', 'dist');
  return existsSync(path.join(folder, 'index.html')) ? folder : undefined;
}
