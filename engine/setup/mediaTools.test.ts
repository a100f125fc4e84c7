import { describe, expect, it } from 'vitest';

import { ffmpegShortfall } from './mediaTools.mjs';

const encoders = ' A....D aac                  AAC\n V....D libx264              H.264\n A....D libopus              Opus\n';

describe('an ffmpeg', () => {
  it('of version 4.4 or newer with H.264, Opus and AAC is accepted', () => {
    expect(ffmpegShortfall('ffmpeg version 5.1.9-0+deb12u1 Copyright', encoders)).toBeUndefined();
    expect(ffmpegShortfall('ffmpeg version 4.4 Copyright', encoders)).toBeUndefined();
    expect(ffmpegShortfall('ffmpeg version n8.0 Copyright', encoders)).toBeUndefined();
  });

  it('built from the sources is judged by its encoders alone', () => {
    expect(ffmpegShortfall('ffmpeg version N-118193-g5f38c82 Copyright', encoders)).toBeUndefined();
  });

  it('that is too old is refused with its version', () => {
    expect(ffmpegShortfall('ffmpeg version 4.3.7 Copyright', encoders)).toContain('4.3');
  });

  it('without an encoder is refused with its name', () => {
    expect(ffmpegShortfall('ffmpeg version 5.1 Copyright', encoders.replace(/.*libx264.*\n/, ''))).toContain('libx264');
  });
});
