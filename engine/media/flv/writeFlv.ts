import type { EncodedFrame, TrackFormat } from '../EncodedFrame.ts';

/** Adobe Flash Video File Format 10.1, §E.4.1. */
const tagType = { audio: 8, video: 9 } as const;

/** The header of an FLV file with one track (§E.2), and the sequence header of the track. */
export function flvStart(format: TrackFormat): Buffer {
  const header = Buffer.from([0x46, 0x4c, 0x56, 1, format.kind === 'video' ? 1 : 4, 0, 0, 0, 9, 0, 0, 0, 0]);
  const body = format.kind === 'video' ? [Buffer.from([0x17, 0, 0, 0, 0]), format.decoderConfig] : [Buffer.from([0xaf, 0]), format.decoderConfig];
  return Buffer.concat([header, flvTag(format.kind, 0, Buffer.concat(body))]);
}

/** One frame of H.264 or AAC as an FLV tag. `originUs` (µs since the Unix epoch) is time 0 of the file. */
export function flvFrame(kind: TrackFormat['kind'], frame: EncodedFrame, originUs: number): Buffer {
  const decodeMs = Math.round((frame.decodeTimeUs - originUs) / 1000);
  if (kind === 'audio') return flvTag(kind, decodeMs, Buffer.concat([Buffer.from([0xaf, 1]), frame.data]));
  const compositionMs = Math.round((frame.presentationTimeUs - originUs) / 1000) - decodeMs;
  const head = Buffer.from([frame.isKeyframe ? 0x17 : 0x27, 1, 0, 0, 0]);
  head.writeIntBE(Math.max(-0x80_0000, Math.min(0x7f_ffff, compositionMs)), 2, 3);
  return flvTag(kind, decodeMs, Buffer.concat([head, frame.data]));
}

function flvTag(kind: TrackFormat['kind'], timestampMs: number, body: Uint8Array): Buffer {
  const tag = Buffer.alloc(11 + body.length + 4);
  const time = timestampMs >>> 0;
  tag[0] = tagType[kind];
  tag.writeUIntBE(body.length, 1, 3);
  tag.writeUIntBE(time & 0xff_ffff, 4, 3);
  tag[7] = time >>> 24;
  tag.set(body, 11);
  tag.writeUInt32BE(11 + body.length, 11 + body.length);
  return tag;
}
