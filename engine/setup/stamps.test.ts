import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { filesBelow, readStamp, stampOf, writeStamp } from './stamps.mjs';

describe('a stamp', () => {
  const files = [
    { name: 'a', content: '1' },
    { name: 'b', content: '2' },
  ];

  it('does not depend on the order of the files', () => {
    expect(stampOf([...files].reverse())).toBe(stampOf(files));
  });

  it('changes with a name, a content and an added file', () => {
    const others = [
      [{ name: 'c', content: '1' }, files[1]!],
      [{ name: 'a', content: 'x' }, files[1]!],
      [...files, { name: 'c', content: '' }],
    ];
    for (const other of others) expect(stampOf(other)).not.toBe(stampOf(files));
  });

  it('depends on where a name ends and its content begins', () => {
    expect(stampOf([{ name: 'ab', content: 'c' }])).not.toBe(stampOf([{ name: 'a', content: 'bc' }]));
  });
});

describe('files below a folder', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lectern-stamps-'));
    await mkdir(join(folder, 'player/dist'), { recursive: true });
    await writeFile(join(folder, 'player/app.tsx'), 'app');
    await writeFile(join(folder, 'player/dist/app.js'), 'built');
    await writeFile(join(folder, 'package.json'), '{}');
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('are named from the root, without excluded and missing ones', () => {
    const found = filesBelow(folder, ['player', 'package.json', 'nowhere'], (name) => name !== 'player/dist');
    expect(found.map(({ name }) => name)).toEqual(['player/app.tsx', 'package.json']);
  });

  it('have a stamp that can be read again', () => {
    const path = join(folder, 'new/.stamp');
    expect(readStamp(path)).toBeUndefined();
    writeStamp(path, 'abc');
    expect(readStamp(path)).toBe('abc');
  });
});
