import { describe, expect, it } from 'vitest';

import { cacheFolder, cachedWorkerPath, systemName, workerFolderName } from './workerPath.mjs';

const debian = { version: '3.27.1', platform: 'linux', arch: 'x64', system: 'debian12', libraries: ['libc.so.6', 'libssl.so.3'] };

describe('the folder of a media worker', () => {
  it('names version, platform, processor and system', () => {
    expect(workerFolderName(debian)).toMatch(/^3\.27\.1-linux-x64-debian12-[0-9a-f]{8}$/);
  });

  it('changes with a library that the worker depends on', () => {
    expect(workerFolderName({ ...debian, libraries: ['libc.so.6', 'libssl.so.4'] })).not.toBe(workerFolderName(debian));
  });

  it('does not depend on the order of the libraries, nor on duplicates', () => {
    const libraries = ['libssl.so.3', 'libc.so.6', 'libssl.so.3'];
    expect(workerFolderName({ ...debian, libraries })).toBe(workerFolderName(debian));
  });

  it('is in XDG_CACHE_HOME, or in the home folder', () => {
    expect(cacheFolder({ XDG_CACHE_HOME: '/cache', HOME: '/home/ada' })).toBe('/cache/lectern');
    expect(cacheFolder({ HOME: '/home/ada' })).toBe('/home/ada/.cache/lectern');
  });

  it('is found for this machine', () => {
    expect(cachedWorkerPath({ XDG_CACHE_HOME: '/cache' }, process.cwd())).toMatch(
      new RegExp(`^/cache/lectern/mediasoup-worker/[\\d.]+-${process.platform}-${process.arch}-.+/mediasoup-worker`),
    );
  });
});

describe('the name of a system', () => {
  it('is its id and version', () => {
    expect(systemName('PRETTY_NAME="Debian GNU/Linux 12"\nVERSION_ID="12"\nID=debian\n')).toBe('debian12');
    expect(systemName('ID="alpine"\nVERSION_ID=3.22.1\n')).toBe('alpine3.22.1');
  });

  it('is "unknown" when nothing is stated, and contains only characters of file names', () => {
    expect(systemName('')).toBe('unknown');
    expect(systemName('ID=../x\n')).toBe('..x');
  });
});
