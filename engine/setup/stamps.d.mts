interface NamedFile {
  name: string;
  content: Uint8Array | string;
}

export function stampOf(files: readonly NamedFile[]): string;

export function filesBelow(root: string, paths: readonly string[], isWanted?: (name: string) => boolean): NamedFile[];

export function readStamp(path: string): string | undefined;

export function writeStamp(path: string, stamp: string): void;
