import { describe, expect, it } from 'vitest';

import { isInstalledAs } from './installedPackages.mjs';

const lock = {
  packages: {
    '': { version: '0.1.0' },
    'node_modules/zod': { version: '4.6.7' },
    'node_modules/windows-only': { version: '1.0.0', optional: true },
  },
};

describe('installed packages', () => {
  it('agree with the lock file without packages for other platforms', () => {
    expect(isInstalledAs(lock, { packages: { 'node_modules/zod': { version: '4.6.7' } } })).toBe(true);
  });

  it('do not agree when one has another version', () => {
    expect(isInstalledAs(lock, { packages: { 'node_modules/zod': { version: '4.0.0' } } })).toBe(false);
  });

  it('do not agree when one is missing', () => {
    expect(isInstalledAs(lock, { packages: {} })).toBe(false);
    expect(isInstalledAs(lock, {})).toBe(false);
  });

  it('do not agree when there is an additional one', () => {
    const packages = { 'node_modules/zod': { version: '4.6.7' }, 'node_modules/left-pad': { version: '1.0.0' } };
    expect(isInstalledAs(lock, { packages })).toBe(false);
  });
});
