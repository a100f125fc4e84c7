import { cleanLine } from '#engine/contract';
import { maxFileNameLength } from './limits.ts';

/** Characters of paths, of shells, and those that a file name of another system may not have. */
const separators = /[\\/:*?"<>|]/gu;

/** The name of a file as a label: its last segment, in one line, without what changes how it is shown. Empty names become `file`. */
export function cleanFileName(given: string): string {
  const last = given.split(/[\\/]/).at(-1) ?? '';
  const shown = cleanLine(last).replace(separators, '_').replace(/^\.+/, '').trim();
  return [...shown].slice(0, maxFileNameLength).join('') || 'file';
}

/** A title made from the name of a file. */
export function titleOf(fileName: string): string {
  const base = fileName.replace(/\.[A-Za-z0-9]{1,5}$/, '');
  return cleanLine(base.replaceAll('_', ' ')) || 'Video';
}
