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
/** Packet types of Enhanced RTMP v2 that precede another one. */
const modifierPacket = 7;
const multitrackPacket = { video: 6, audio: 5 } as const;
/** AvMultitrackType: one track, or several of several codecs. 1 is several of one codec. */
const trackKind = { one: 0, manyCodecs: 2 } as const;
const defaultTrack = 0;
const other = { type: 'other' } as const;

/** Never throws: a body that ends early is `other`. */
export function readVideoTag(body: Uint8Array): VideoTag {
  const first = body[0];
  if (first === undefined) return other;
  if ((first & 0x80) !== 0) return readEnhancedVideo(body);
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
  if (codec === codecId.enhancedAudio) return readEnhancedAudio(body);
  if (codec !== codecId.aac) return { type: 'unsupported', codecName: audioCodecNames[codec] ?? `audio codec ${codec}` };
  return aacPacket(body[1], body.subarray(2));
}

/** VideoPacketType: 0 sequence start, 1 coded frames, 2 sequence end, 3 coded frames with composition time 0, 4 metadata. */
function readEnhancedVideo(body: Uint8Array): VideoTag {
  if ((((body[0] ?? 0) >> 4) & 7) === commandFrame) return other;
  const header = readEnhancedHeader(body, multitrackPacket.video);
  if (!header || header.packetType > 3) return other;
  const { packetType, fourCc, payload } = header;
  if (fourCc !== 'avc1') return { type: 'unsupported', codecName: fourCcNames[fourCc] ?? `video codec ${fourCc}` };
  if (packetType === 1) return avcPacket({ packetType: 1, compositionTimeMs: int24(payload, 0), payload: payload.subarray(3) });
  return avcPacket({ packetType: packetType === 3 ? 1 : packetType === 0 ? 0 : 2, compositionTimeMs: 0, payload });
}

/** AudioPacketType: 0 sequence start, 1 coded frames, 2 sequence end, 4 multichannel configuration. */
function readEnhancedAudio(body: Uint8Array): AudioTag {
  const header = readEnhancedHeader(body, multitrackPacket.audio);
  if (!header || header.packetType > 1) return other;
  const { packetType, fourCc, payload } = header;
  if (fourCc !== 'mp4a') return { type: 'unsupported', codecName: fourCcNames[fourCc] ?? `audio codec ${fourCc}` };
  return aacPacket(packetType, payload);
}

interface EnhancedHeader {
  packetType: number;
  fourCc: string;
  payload: Uint8Array;
}

/**
 * Reads the header of Enhanced RTMP: modifiers, which are skipped, then a FourCC or several tracks. Reads only the default track.
 * Undefined when the header ends early or the default track is missing.
 */
function readEnhancedHeader(body: Uint8Array, multitrack: number): EnhancedHeader | undefined {
  let packetType = (body[0] ?? 0) & 15;
  let at = 1;
  while (packetType === modifierPacket) {
    const shortBytes = (body[at] ?? 0) + 1;
    const dataBytes = shortBytes === 256 ? (((body[at + 1] ?? 0) << 8) | (body[at + 2] ?? 0)) + 1 : shortBytes;
    at += (shortBytes === 256 ? 3 : 1) + dataBytes;
    packetType = (body[at] ?? 0) & 15;
    at += 1;
    if (at >= body.length) return undefined;
  }
  if (packetType !== multitrack) return { packetType, fourCc: fourCcAt(body, at), payload: body.subarray(at + 4) };
  return readDefaultTrack(body, at);
}

/** One or several tracks of one codec, or several that have a FourCC each. The length of an only track is not stated. */
function readDefaultTrack(body: Uint8Array, start: number): EnhancedHeader | undefined {
  const [kind, packetType] = [(body[start] ?? 0) >> 4, (body[start] ?? 0) & 15];
  let at = start + 1;
  let fourCc = '';
  while (at < body.length) {
    if (kind === trackKind.manyCodecs || fourCc === '') {
      fourCc = fourCcAt(body, at);
      at += 4;
    }
    const trackId = body[at];
    const payloadAt = at + (kind === trackKind.one ? 1 : 4);
    const end = kind === trackKind.one ? body.length : payloadAt + uint24(body, at + 1);
    if (trackId === defaultTrack) return { packetType, fourCc, payload: body.subarray(payloadAt, end) };
    at = end;
  }
  return undefined;
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

function fourCcAt(body: Uint8Array, at: number): string {
  return Buffer.from(body.subarray(at, at + 4)).toString('latin1').replace(/[^\x20-\x7e]/g, '?');
}

function uint24(body: Uint8Array, at: number): number {
  return ((body[at] ?? 0) << 16) | ((body[at + 1] ?? 0) << 8) | (body[at + 2] ?? 0);
}

/** A signed big-endian integer of 24 bits. */
function int24(body: Uint8Array, at: number): number {
  return (uint24(body, at) << 8) >> 8;
}
