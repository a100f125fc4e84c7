import { describe, expect, it } from 'vitest';
import { checkStorageConfig, storageConfig } from './config.ts';

function problemsOf(settings: Record<string, string>): string[] {
  const problems: string[] = [];
  checkStorageConfig(storageConfig.parse(settings), (setting, message) => problems.push(`${setting}: ${message}`));
  return problems;
}

describe('Storage settings', () => {
  it('are optional for a folder', () => {
    expect(problemsOf({})).toEqual([]);
    expect(storageConfig.parse({})).toMatchObject({ LECTERN_S3_ADDRESSING: 'path', LECTERN_S3_REGION: 'us-east-1', LECTERN_PLAYBACK_HOURS: 6 });
  });

  it('accept a bucket with its server and key', () => {
    const settings = { LECTERN_S3_BUCKET: 'lectures', LECTERN_S3_ENDPOINT: 'https://s3.example.org/', LECTERN_S3_ACCESS_KEY_ID: 'id', LECTERN_S3_SECRET_ACCESS_KEY: 'secret', LECTERN_MEDIA_DELIVERY: 'redirect' };
    expect(problemsOf(settings)).toEqual([]);
    expect(storageConfig.parse(settings).LECTERN_S3_ENDPOINT).toBe('https://s3.example.org');
  });

  it('name settings that belong together', () => {
    expect(problemsOf({ LECTERN_S3_ENDPOINT: 'http://s3.example.org', LECTERN_MEDIA_DELIVERY: 'redirect', LECTERN_S3_ACCESS_KEY_ID: 'id' })).toEqual([
      expect.stringMatching(/^LECTERN_S3_SECRET_ACCESS_KEY: .*both or neither/),
      expect.stringMatching(/^LECTERN_S3_BUCKET: .*set LECTERN_S3_BUCKET/),
      expect.stringMatching(/^LECTERN_MEDIA_DELIVERY: .*needs an S3 server/),
    ]);
  });

  it.each([
    { LECTERN_S3_BUCKET: 'No_Such' },
    { LECTERN_S3_ENDPOINT: 'ftp://s3.example.org' },
    { LECTERN_S3_ENDPOINT: 's3.example.org' },
    { LECTERN_S3_ADDRESSING: 'subdomain' },
    { LECTERN_MEDIA_DELIVERY: 'pigeon' },
    { LECTERN_PLAYBACK_HOURS: '0' },
  ])('refuse %j', (settings) => {
    expect(storageConfig.safeParse(settings).success).toBe(false);
  });
});
