// Parses the bodies of FLV tags, which are also the payloads of RTMP messages. Sources: Adobe Flash Video File Format 10.1,
// §E.4.2 and §E.4.3; Enhanced RTMP v2 (veovera.org) for bodies with a FourCC.

/**
 * `config`: an AVCDecoderConfigurationRecord. `frame`: an access unit with length-prefixed NAL units; its presentation time is
 * the tag's time plus `compositionTimeMs`. `other`: nothing to decode. `unsupported`: a codec other than H.264.
 */
export type VideoTag =
  | { type: 'config'; record: Uint8Array }
  | { type: 'frame'; payload: Uint8Array; compositionTimeMs: number }
  | { type: 'other' }
  | { type: 'unsupported'; codecName: string };

/**
 * `config`: an AudioSpecificConfig. `frame`: an AAC frame without ADTS header. `other`: nothing to decode. `unsupported`: a
 * codec other than AAC.
 */
export type AudioTag =
  | { type: 'config'; config: Uint8Array }
  | { type: 'frame'; payload: Uint8Array }
  | { type: 'other' }
  | { type: 'unsupported'; codecName: string };

/** By CodecID, §E.4.3. 12 and 13 are common extensions. */
const videoCodecNames: Readonly<Record<number, string>> = { 2: 'Sorenson H.263', 3: 'Screen Video', 4: 'VP6', 5: 'VP6', 6: 'Screen Video 2', 8: 'H.263', 9: 'MPEG-4', 12: 'HEVC (H.265)', 13: 'AV1' };
/** By SoundFormat, §E.4.2. 13 is a common extension. */
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
/** FrameType of a video info or command frame, §E.4.3. */
const commandFrame = 5;
const other = { type: 'other' } as const;

/** Never throws: a body that ends early is `other`. */
export function readVideoTag(body: Uint8Array): VideoTag {
  const first = body[0];
  if (first === undefined) return other;
  if ((first & 0x80) !== 0) return readEnhancedVideo(body, first & 15);
  if (first >> 4 === commandFrame) return other;
  const codec = first & 15;
  if (codec !== codecId.h264) return { type: 'unsupported', codecName: videoCodecNames[codec] ?? `video codec ${codec}` };
  return avcPacket({ packetType: body[1], compositionTimeMs: int24(body, 2), payload: body.subarray(5) });
}

/** Never throws: a body that ends early is `other`. */
export function readAudioTag(body: Uint8Array): AudioTag {
  const first = body[0];
  if (first === undefined) return other;
  const codec = first >> 4;
  if (codec === codecId.enhancedAudio) return readEnhancedAudio(body, first & 15);
  if (codec !== codecId.aac) return { type: 'unsupported', codecName: audioCodecNames[codec] ?? `audio codec ${codec}` };
  return aacPacket(body[1], body.subarray(2));
}

/** VideoPacketType: 0 sequence start, 1 coded frames, 3 coded frames with composition time 0, 6 multitrack. */
function readEnhancedVideo(body: Uint8Array, packetType: number): VideoTag {
  const fourCc = fourCcOf(body);
  if (packetType > 3) return packetType === 6 ? { type: 'unsupported', codecName: 'several video tracks at once' } : other;
  if (fourCc !== 'avc1') return { type: 'unsupported', codecName: fourCcNames[fourCc] ?? `video codec ${fourCc}` };
  if (packetType === 1) return avcPacket({ packetType: 1, compositionTimeMs: int24(body, 5), payload: body.subarray(8) });
  return avcPacket({ packetType: packetType === 3 ? 1 : packetType === 0 ? 0 : 2, compositionTimeMs: 0, payload: body.subarray(5) });
}

/** AudioPacketType: 0 sequence start, 1 coded frames, 5 multitrack. */
function readEnhancedAudio(body: Uint8Array, packetType: number): AudioTag {
  if (packetType > 1) return packetType === 5 ? { type: 'unsupported', codecName: 'several audio tracks at once' } : other;
  const fourCc = fourCcOf(body);
  if (fourCc !== 'mp4a') return { type: 'unsupported', codecName: fourCcNames[fourCc] ?? `audio codec ${fourCc}` };
  return aacPacket(packetType, body.subarray(5));
}

/** AVCPacketType: 0 sequence header, 1 NAL units, 2 end of sequence. */
function avcPacket(packet: { packetType: number | undefined; compositionTimeMs: number; payload: Uint8Array }): VideoTag {
  const { packetType, compositionTimeMs, payload } = packet;
  if (packetType === 0) return { type: 'config', record: payload };
  return packetType === 1 && payload.length > 0 ? { type: 'frame', payload, compositionTimeMs } : other;
}

/** AACPacketType: 0 sequence header, 1 raw. */
function aacPacket(packetType: number | undefined, payload: Uint8Array): AudioTag {
  if (payload.length === 0) return other;
  if (packetType === 0) return { type: 'config', config: payload };
  return packetType === 1 ? { type: 'frame', payload } : other;
}

function fourCcOf(body: Uint8Array): string {
  return Buffer.from(body.subarray(1, 5)).toString('latin1').replace(/[^\x20-\x7e]/g, '?');
}

/** A signed big-endian integer of 24 bits. */
function int24(body: Uint8Array, at: number): number {
  return (((body[at] ?? 0) << 24) | ((body[at + 1] ?? 0) << 16) | ((body[at + 2] ?? 0) << 8)) >> 8;
}
