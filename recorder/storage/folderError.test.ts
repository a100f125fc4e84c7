import { describe, expect, it } from 'vitest';
import { folderError } from './folderError.ts';

describe('What a filesystem says of the folder of objects', () => {
  it.each([
    ['ENOSPC', 'full'],
    ['EDQUOT', 'full'],
    ['EROFS', 'readOnly'],
    ['EACCES', 'readOnly'],
    ['EIO', 'away'],
  ])('%s is called %s', (code, trouble) => {
    const err = folderError('a/b.m4s', Object.assign(new Error('refused'), { code }));
    expect(err).toMatchObject({ code: 'store.unavailable', details: { reason: code, trouble } });
  });

  it('a file that is not there is no trouble of the store', () => {
    expect(folderError('a/b.m4s', Object.assign(new Error('refused'), { code: 'ENOENT' }))).toMatchObject({ code: 'object.notFound' });
  });
});
