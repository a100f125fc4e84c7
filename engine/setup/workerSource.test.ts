import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { copyWorkerSource } from './workerSource.mjs';

const packaged = fileURLToPath(new URL('../../node_modules/mediasoup/worker', import.meta.url));

describe('the source of the media worker', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lectern-source-'));
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('of the installed mediasoup accepts every edit', async () => {
    const target = join(folder, 'source');
    copyWorkerSource(packaged, target);
    expect(await readFile(join(target, 'src/RTC/DtlsTransport.cpp'), 'utf8')).toContain('(operationType & BIO_CB_RETURN) != 0');
    expect(await readFile(join(target, 'meson.build'), 'utf8')).toContain("meson_version: '>= 1.0.0'");
  });

  it('downloads nothing: each subproject of its build is there', async () => {
    const target = join(folder, 'source');
    copyWorkerSource(packaged, target);
    const build = await readFile(join(target, 'meson.build'), 'utf8');
    const named = [...build.matchAll(/subproject\(\s*'([^']+)'/g)].map((match) => match[1]);
    const given = await readdir(join(target, 'subprojects'));
    const notOnLinux = ['wingetopt', 'catch2'];
    expect(given).toEqual(expect.arrayContaining(named.filter((name) => !notOnLinux.includes(name!))));
    expect(given.filter((name) => name.endsWith('.wrap'))).toEqual([]);
  });

  it('of another mediasoup is refused, with the file that changed', async () => {
    const target = join(folder, 'source');
    copyWorkerSource(packaged, join(folder, 'changed'));
    await writeFile(join(folder, 'changed/src/RTC/DtlsTransport.cpp'), '// fixed upstream\n');
    await writeFile(join(folder, 'changed/meson.build'), await readFile(join(packaged, 'meson.build'), 'utf8'));
    expect(() => copyWorkerSource(join(folder, 'changed'), target)).toThrow(/DtlsTransport\.cpp/);
  });
});
