import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findFaketime, findNginx, findNginxStream } from './testPrograms.mjs';

describe('a program for tests and benches', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lectern-borrowed-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const put = (place: string) => {
    const file = join(folder, place);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '');
    return file;
  };

  it('is found in PATH first', () => {
    const installed = put('bin/nginx');
    put('cache/lectern/borrowed/nginx/usr/sbin/nginx');
    expect(findNginx({ PATH: join(folder, 'bin'), XDG_CACHE_HOME: join(folder, 'cache') })).toBe(installed);
  });

  it('is found in the cache or on the system', () => {
    put('lectern/borrowed/libfaketime/usr/lib/any-linux-gnu/faketime/libfaketimeMT.so.1');
    put('lectern/borrowed/libnginx-mod-stream/usr/lib/nginx/modules/ngx_stream_module.so');
    expect(findFaketime({ XDG_CACHE_HOME: folder })).toMatch(/faketime\/libfaketimeMT\.so\.1$/);
    expect(findNginxStream({ XDG_CACHE_HOME: folder })).toMatch(/modules\/ngx_stream_module\.so$/);
  });
});
