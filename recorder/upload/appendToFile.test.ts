import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { appendToFile } from './appendToFile.ts';
import { folderWriteBytes } from './limits.ts';

async function fileWith(content: Uint8Array): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'lectern-append-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(path.join(folder, 'file'), content);
  return path.join(folder, 'file');
}

/** Pieces of the content, of the given sizes in turn. */
function inPieces(content: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < content.length; at += pieces.at(-1)?.length ?? 0) pieces.push(content.subarray(at, at + (sizes[pieces.length % sizes.length] ?? 1)));
  return pieces;
}

describe('A stream that is appended to a file', () => {
  it.each([
    ['less than a write', 1000, [7]],
    ['exactly some writes', 3 * folderWriteBytes, [folderWriteBytes / 2]],
    ['chunks of any size', 3 * folderWriteBytes + 17, [65_536, 1, 999_999, 2 * folderWriteBytes]],
    ['nothing', 0, [1]],
  ])('is in it byte by byte: %s', async (_, bytes, sizes) => {
    const [before, content] = [randomBytes(100), randomBytes(bytes)];
    const file = await fileWith(before);
    expect(await appendToFile(file, before.length, { open: () => Readable.from(inPieces(content, sizes)) })).toBe(bytes);
    expect((await readFile(file)).equals(Buffer.concat([before, content]))).toBe(true);
  });

  it('that breaks off leaves what was received, without a hole', async () => {
    const content = randomBytes(2 * folderWriteBytes + 5);
    const file = await fileWith(Buffer.alloc(0));
    const source = Readable.from((function* () {
      yield* inPieces(content, [65_536]);
      throw new Error('broke off');
    })());
    await expect(appendToFile(file, 0, { open: () => source })).rejects.toThrow('broke off');
    const stored = await readFile(file);
    expect(stored.equals(content.subarray(0, stored.length))).toBe(true);
  });

  it('fails with the reason of the disk', async () => {
    await expect(appendToFile('/dev/full', 0, { open: () => Readable.from([Buffer.alloc(3 * folderWriteBytes)]) })).rejects.toMatchObject({ code: 'ENOSPC' });
    await expect(appendToFile('/dev/full', 0, { open: () => Readable.from([Buffer.alloc(10)]) })).rejects.toMatchObject({ code: 'ENOSPC' });
  });
});
