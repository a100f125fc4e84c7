import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Spool } from '../capture/Spool.ts';

/** The behaviour of every spool. */
export function spoolConformance(name: string, open: (folder: string, reserveBytes: number) => Spool): void {
  describe(`${name} as a spool`, () => {
    const [first, second] = ['recordings/rec_1/main-video/000000.m4s', 'recordings/rec_1/main-video/000001.m4s'];
    let folder: string;
    let spool: Spool;
    beforeEach(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'lectern-spool-'));
      spool = open(path.join(folder, 'spool'), 0);
    });
    afterEach(() => rm(folder, { recursive: true }));

    it('writes files, which are complete when `write` resolves', async () => {
      await spool.write(first, Buffer.from('one'));
      await spool.write(first, Buffer.from('replaced'));
      expect(await readFile(spool.fileOf(first), 'utf8')).toBe('replaced');
    });

    it('removes files, and succeeds for missing ones', async () => {
      await spool.write(first, Buffer.from('one'));
      await spool.remove(first);
      await spool.remove(first);
      expect(await spool.sweep()).toEqual([]);
    });

    it('lists the keys of complete files in order, and removes drafts', async () => {
      await spool.write(second, Buffer.from('two'));
      await spool.write(first, Buffer.from('one'));
      await writeFile(`${spool.fileOf(first)}.draft`, 'partial');
      expect(await spool.sweep()).toEqual([first, second]);
      await expect(readFile(`${spool.fileOf(first)}.draft`)).rejects.toThrow('ENOENT');
    });

    it('fails once after its folder was deleted, and then creates it again', async () => {
      await spool.write(first, Buffer.from('one'));
      await rm(path.join(folder, 'spool'), { recursive: true });
      await expect(spool.write(second, Buffer.from('two'))).rejects.toThrow('ENOENT');
      await spool.write(second, Buffer.from('two'));
      expect(await spool.sweep()).toEqual([second]);
    });

    it('tells whether it can be written, and leaves nothing behind', async () => {
      await spool.probe();
      expect(await spool.sweep()).toEqual([]);
      await expect(open(path.join(folder, 'full'), Number.MAX_SAFE_INTEGER).probe()).rejects.toMatchObject({ code: 'ENOSPC' });
    });

    it('refuses a write that would leave less than its reserve, and keeps nothing of it', async () => {
      const full = open(path.join(folder, 'full'), Number.MAX_SAFE_INTEGER);
      await expect(full.write(first, Buffer.from('one'))).rejects.toMatchObject({ code: 'ENOSPC' });
      expect(await full.sweep()).toEqual([]);
    });
  });
}
