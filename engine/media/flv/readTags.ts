/** Tag bodies of FLV and of RTMP messages: Adobe's FLV specification §E.4, and Enhanced RTMP v2 for what begins with a FourCC. */
export type VideoTag =
  | { type: 'config'; record: Uint8Array }
  | { type: 'frame'; payload: Uint8Array; compositionTimeMs: number }
  | { type: 'other' }
  | { type: 'unsupported'; codecName: string };

export type AudioTag =
  | { type: 'config'; config: Uint8Array }
  | { type: 'frame'; payload: Uint8Array }
  | { type: 'other' }
  | { type: 'unsupported'; codecName: string };

const videoCodecNames: Readonly<Record<number, string>> = { 2: 'Sorenson H.263', 3: 'Screen Video', 4: 'VP6', 5: 'VP6', 6: 'Screen Video 2', 8: 'H.263', 9: 'MPEG-4', 12: 'HEVC (H.265)', 13: 'AV1' };
const audioCodecNames: Readonly<Record<number, string>> = { 0: 'PCM', 1: 'ADPCM', 2: 'MP3', 3: 'PCM', 4: 'Nellymoser', 5: 'Nellymoser', 6: 'Nellymoser', 7: 'G.711', 8: 'G.711', 11: 'Speex', 13: 'Opus', 14: 'MP3' };
const fourCcNames: Readonly<Record<string, string>> = {
  hvc1: 'HEVC (H.265)',
  vvc1: 'VVC (H.266)',
  av01: 'AV1',
  vp08: 'VP8',
  vp09: 'VP9',
  Opus: 'Opus',
  fLaC: 'FLAC',
  '.mp3': 'MP3',
  'ac-3': 'AC-3',
  'ec-3': 'E-AC-3',
};
const codecId = { h264: 7, aac: 10, enhancedAudio: 9 } as const;
const commandFrame = 5;
const other = { type: 'other' } as const;

export function readVideoTag(body: Uint8Array): VideoTag {
  const first = body[0];
  if (first === undefined) return other;
  if ((first & 0x80) !== 0) return readEnhancedVideo(body, first & 15);
  if (first >> 4 === commandFrame) return other;
  const codec = first & 15;
  if (codec !== codecId.h264) return { type: 'unsupported', codecName: videoCodecNames[codec] ?? `video codec ${codec}` };
  return avcPacket({ kind: body[1], compositionTimeMs: int24(body, 2), payload: body.subarray(5) });
}

export function readAudioTag(body: Uint8Array): AudioTag {
  const first = body[0];
  if (first === undefined) return other;
  const codec = first >> 4;
  if (codec === codecId.enhancedAudio) return readEnhancedAudio(body, first & 15);
  if (codec !== codecId.aac) return { type: 'unsupported', codecName: audioCodecNames[codec] ?? `audio codec ${codec}` };
  return aacPacket(body[1], body.subarray(2));
}

/** Packet types: 0 sequence start, 1 coded frames, 3 coded frames without composition time. */
function readEnhancedVideo(body: Uint8Array, packetType: number): VideoTag {
  const fourCc = fourCcOf(body);
  if (packetType > 3) return packetType === 6 ? { type: 'unsupported', codecName: 'several video tracks at once' } : other;
  if (fourCc !== 'avc1') return { type: 'unsupported', codecName: fourCcNames[fourCc] ?? `video codec ${fourCc}` };
  if (packetType === 1) return avcPacket({ kind: 1, compositionTimeMs: int24(body, 5), payload: body.subarray(8) });
  return avcPacket({ kind: packetType === 3 ? 1 : packetType === 0 ? 0 : 2, compositionTimeMs: 0, payload: body.subarray(5) });
}

function readEnhancedAudio(body: Uint8Array, packetType: number): AudioTag {
  if (packetType > 1) return packetType === 5 ? { type: 'unsupported', codecName: 'several audio tracks at once' } : other;
  const fourCc = fourCcOf(body);
  if (fourCc !== 'mp4a') return { type: 'unsupported', codecName: fourCcNames[fourCc] ?? `audio codec ${fourCc}` };
  return aacPacket(packetType, body.subarray(5));
}

function avcPacket(packet: { kind: number | undefined; compositionTimeMs: number; payload: Uint8Array }): VideoTag {
  const { kind, compositionTimeMs, payload } = packet;
  if (kind === 0) return { type: 'config', record: payload };
  return kind === 1 && payload.length > 0 ? { type: 'frame', payload, compositionTimeMs } : other;
}

function aacPacket(kind: number | undefined, payload: Uint8Array): AudioTag {
  if (payload.length === 0) return other;
  if (kind === 0) return { type: 'config', config: payload };
  return kind === 1 ? { type: 'frame', payload } : other;
}

function fourCcOf(body: Uint8Array): string {
  return Buffer.from(body.subarray(1, 5)).toString('latin1').replace(/[^\x20-\x7e]/g, '?');
}

function int24(body: Uint8Array, at: number): number {
  return (((body[at] ?? 0) << 24) | ((body[at + 1] ?? 0) << 16) | ((body[at + 2] ?? 0) << 8)) >> 8;
}
