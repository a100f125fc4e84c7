import type { AudioFormat } from '#engine/media';

/** AAC-LC: one access unit whose every spectral coefficient is zero, by channel count. */
const silentAac: Record<number, readonly number[]> = {
  1: [0x00, 0xc8, 0x00, 0x80, 0x23, 0x80],
  2: [0x21, 0x00, 0x49, 0x90, 0x02, 0x19, 0x00, 0x23, 0x80],
};

/** RFC 6716 §3.1: CELT, full band, 20 ms, one frame. The payload is what libopus sends for silence. */
const silentOpusMono = [0xf8, 0xff, 0xfe];
const silentOpusStereo = [0xfc, 0xff, 0xfe];

export interface SilentFrame {
  data: Uint8Array;
  /** At the sampling rate of the format; 48 kHz for Opus. */
  samples: number;
}

/** One frame of silence for the decoder config of a track; undefined when there is none (HE-AAC, surround). */
export function silentFrame(format: AudioFormat): SilentFrame | undefined {
  if (format.codec === 'opus') return { data: Uint8Array.from(format.channelCount === 1 ? silentOpusMono : silentOpusStereo), samples: 960 };
  const frame = format.codecString === 'mp4a.40.2' ? silentAac[format.channelCount] : undefined;
  return frame && { data: Uint8Array.from(frame), samples: 1024 };
}
