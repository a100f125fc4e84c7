import { describe, expect, it } from 'vitest';
import { ConfigError, parseConfig } from '#engine/kernel';
import { ingestConfig } from './config.ts';

describe('ingestConfig', () => {
  it('has the RTMP port that OBS uses by default, and the ffmpeg in PATH', () => {
    expect(parseConfig(ingestConfig, {})).toEqual({ LECTERN_RTMP_PORT: 1935, LECTERN_RTMP_LISTEN_ADDRESS: '0.0.0.0', LECTERN_FFMPEG: 'ffmpeg' });
  });

  it('names every invalid setting', () => {
    const wrong = () => parseConfig(ingestConfig, { LECTERN_RTMP_PORT: '99999', LECTERN_RTMP_LISTEN_ADDRESS: 'everywhere' });
    expect(wrong).toThrow(ConfigError);
    expect(wrong).toThrow(/LECTERN_RTMP_PORT[^]*LECTERN_RTMP_LISTEN_ADDRESS/);
  });
});
