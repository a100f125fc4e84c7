import { describe, expect, it } from 'vitest';
import { folderError } from './folderError.ts';

describe('An error of the filesystem', () => {
  it.each([
    ['ENOSPC', 'full'],
    ['EDQUOT', 'full'],
    ['EROFS', 'readOnly'],
    ['EACCES', 'readOnly'],
    ['EIO', 'away'],
  ])('%s is mapped to the trouble %s', (code, trouble) => {
    const err = folderError('a/b.m4s', Object.assign(new Error('refused'), { code }));
    expect(err).toMatchObject({ code: 'store.unavailable', details: { reason: code, trouble } });
  });

  it('ENOENT is mapped to object.notFound', () => {
    expect(folderError('a/b.m4s', Object.assign(new Error('refused'), { code: 'ENOENT' }))).toMatchObject({ code: 'object.notFound' });
  });
});
