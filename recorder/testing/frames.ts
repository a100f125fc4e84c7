import type { AudioFormat, EncodedFrame, VideoFormat } from '#engine/media';

/** Formats and frames that no decoder can decode, for tests of timing. */
export function videoFormat(variant = 0): VideoFormat {
  const parameterSets = [0xe1, 0, 1, 0x67, 1, 0, 1, 0x68];
  const decoderConfig = Uint8Array.of(1, 100, 0, variant, 0xff, ...parameterSets);
  return { kind: 'video', codec: 'h264', codecString: `avc1.64001${variant % 10}`, decoderConfig, widthPx: 320, heightPx: 180 };
}

export function audioFormat(codec: 'aac' | 'opus' = 'aac', sampleRateHz = 48_000): AudioFormat {
  const codecString = codec === 'aac' ? 'mp4a.40.2' : 'opus';
  return { kind: 'audio', codec, codecString, decoderConfig: Uint8Array.of(codec === 'aac' ? 17 : 0, sampleRateHz === 48_000 ? 144 : 16), sampleRateHz, channelCount: 2 };
}

export interface RunOf {
  fromMs: number;
  durationMs: number;
}

/** Video frames at a constant rate, with regular keyframes and without B-frames. */
export function videoFrames(run: RunOf & { frameRate?: number; keyframeEveryMs?: number }): EncodedFrame[] {
  const frameUs = 1e6 / (run.frameRate ?? 30);
  const perGroup = Math.max(1, Math.round(((run.keyframeEveryMs ?? 2000) * 1000) / frameUs));
  return Array.from({ length: Math.floor((run.durationMs * 1000) / frameUs) }, (_, index) => {
    const timeUs = run.fromMs * 1000 + Math.round(index * frameUs);
    return { decodeTimeUs: timeUs, presentationTimeUs: timeUs, isKeyframe: index % perGroup === 0, data: Uint8Array.of(0, 0, 0, 1, index % 256) };
  });
}

/** Audio frames without gaps. Times are rounded to the millisecond, as in RTMP. */
export function audioFrames(run: RunOf & { codec?: 'aac' | 'opus' }): EncodedFrame[] {
  const frameMs = run.codec === 'opus' ? 20 : (1024 / 48_000) * 1000;
  return Array.from({ length: Math.floor(run.durationMs / frameMs) }, (_, index) => {
    const timeUs = Math.round(run.fromMs + index * frameMs) * 1000;
    // Opus TOC: CELT, 20 ms, stereo, one frame.
    return { decodeTimeUs: timeUs, presentationTimeUs: timeUs, isKeyframe: true, data: Uint8Array.of(run.codec === 'opus' ? 0xfc : 0x21, index % 256) };
  });
}
