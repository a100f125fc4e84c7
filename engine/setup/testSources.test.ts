import { describe, expect, it } from 'vitest';

import { unsetServerSettings } from './testSources.ts';

describe('the servers that tests need', () => {
  const texts = ["process.env['LECTERN_TEST_S3_ENDPOINT']", 'env.LECTERN_TEST_REDIS_URL; env.LECTERN_TEST_S3_ACCESS_KEY'];

  it('are named when their settings are missing', () => {
    expect(unsetServerSettings(texts, { LECTERN_TEST_REDIS_URL: 'redis://x' })).toEqual(['LECTERN_TEST_S3_ENDPOINT']);
  });

  it('include a program that is not installed with Lectern', () => {
    expect(unsetServerSettings(['process.env.LECTERN_TEST_PYTHON'], {})).toEqual(['LECTERN_TEST_PYTHON']);
  });

  it('are not named when all are set', () => {
    const env = { LECTERN_TEST_REDIS_URL: 'redis://x', LECTERN_TEST_S3_ENDPOINT: 'http://x' };
    expect(unsetServerSettings(texts, env)).toEqual([]);
  });
});
