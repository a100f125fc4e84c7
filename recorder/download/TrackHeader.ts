import { opusFormat, parseAudioConfig, tryRead } from '#engine/media';
import type { AudioFormat } from '#engine/media';
import { silentFrame } from '../hls/filler/silentFrame.ts';
import { boxAt, findBox, fourCc, readBoxes, viewOf } from './readBoxes.ts';

/** What a fragment says nothing about: the defaults of `trex`. */
export interface SampleDefaults {
  durationTicks: number;
  bytes: number;
  flags: number;
}

/** What an init segment says about its track. */
export interface TrackHeader {
  kind: 'video' | 'audio';
  /** Ticks per second. */
  timescale: number;
  /** The sample entry: a whole box of `stsd`. */
  sampleEntry: Uint8Array;
  /** `avc1`, `mp4a`, `Opus`. */
  codec: string;
  widthPx: number;
  heightPx: number;
  /** The edit list: the presentation begins at this media time … */
  mediaTimeTicks: number;
  /** … after this pause. */
  pauseTicks: number;
  defaults: SampleDefaults;
  /** One frame of silence; undefined for video, and for audio of which nothing is known. */
  silence: { data: Uint8Array; durationTicks: number } | undefined;
}

/** Reads an init segment of one track. @throws RangeError when it is damaged */
export function readTrackHeader(init: Uint8Array): TrackHeader {
  const moov = boxAt(viewOf(init), ['moov']).body;
  const trak = boxAt(moov, ['trak']).body;
  const kind = fourCc(boxAt(trak, ['mdia', 'hdlr']).body, 8) === 'vide' ? 'video' : 'audio';
  const timescale = timescaleIn(boxAt(trak, ['mdia', 'mdhd']).body);
  const [entry] = readBoxes(boxAt(trak, ['mdia', 'minf', 'stbl', 'stsd']).body, 8);
  if (!entry || timescale === 0) throw new RangeError('the track has no format');
  const format = kind === 'audio' ? audioFormat(entry.type, entry.body) : undefined;
  return {
    kind,
    timescale,
    sampleEntry: entry.bytes.slice(),
    codec: entry.type,
    ...(kind === 'video' ? { widthPx: entry.body.getUint16(24), heightPx: entry.body.getUint16(26) } : { widthPx: 0, heightPx: 0 }),
    ...edit(trak, moov, timescale),
    defaults: sampleDefaults(moov),
    silence: format && silence(format, timescale),
  };
}

function timescaleIn(mdhd: DataView): number {
  return mdhd.getUint32(mdhd.getUint8(0) === 1 ? 20 : 12);
}

/** ISO/IEC 14496-12 §8.8.3: track_ID, default_sample_description_index, then the defaults. */
function sampleDefaults(moov: DataView): SampleDefaults {
  const trex = boxAt(moov, ['mvex', 'trex']).body;
  return { durationTicks: trex.getUint32(12), bytes: trex.getUint32(16), flags: trex.getUint32(20) };
}

/** ISO/IEC 14496-12 §8.6.6. An entry with media time −1 is a pause; what follows the first other entry does not occur in fragmented files. */
function edit(trak: DataView, moov: DataView, timescale: number): Pick<TrackHeader, 'mediaTimeTicks' | 'pauseTicks'> {
  const elst = findBox(trak, ['edts', 'elst'])?.body;
  let pauseTicks = 0;
  if (!elst) return { mediaTimeTicks: 0, pauseTicks };
  const isLong = elst.getUint8(0) === 1;
  const movieTimescale = timescaleIn(boxAt(moov, ['mvhd']).body);
  for (let index = 0; index < elst.getUint32(4); index += 1) {
    const at = 8 + index * (isLong ? 20 : 12);
    const [duration, mediaTime] = isLong ? [Number(elst.getBigUint64(at)), Number(elst.getBigInt64(at + 8))] : [elst.getUint32(at), elst.getInt32(at + 4)];
    if (mediaTime !== -1) return { mediaTimeTicks: mediaTime, pauseTicks };
    pauseTicks += Math.round((duration * timescale) / movieTimescale);
  }
  return { mediaTimeTicks: 0, pauseTicks };
}

/** An AudioSampleEntry has 28 bytes before its boxes (ISO/IEC 14496-12 §12.2.3). */
function audioFormat(codec: string, entry: DataView): AudioFormat | undefined {
  if (codec === 'Opus') return opusFormat({ channelCount: entry.getUint16(16), preSkipSamples: 0, inputSampleRateHz: 48_000 });
  return tryRead(() => {
    const esds = boxAt(new DataView(entry.buffer, entry.byteOffset + 28, entry.byteLength - 28), ['esds']).body;
    return parseAudioConfig(decoderSpecificInfo(esds));
  });
}

/** The descriptor 5 in 4 in 3 of an `esds` (ISO/IEC 14496-1 §7.2.6). */
function decoderSpecificInfo(esds: DataView): Uint8Array {
  let at = 4;
  const open = (tag: number): number => {
    if (esds.getUint8(at) !== tag) throw new RangeError(`there is no descriptor ${tag}`);
    at += 1;
    let bytes = 0;
    for (let byte = 0x80; byte & 0x80; at += 1) {
      byte = esds.getUint8(at);
      bytes = bytes * 128 + (byte & 0x7f);
    }
    return bytes;
  };
  open(3);
  const flags = esds.getUint8(at + 2);
  at += 3 + (flags & 0x80 ? 2 : 0) + (flags & 0x20 ? 2 : 0);
  open(4);
  at += 13;
  const bytes = open(5);
  return new Uint8Array(esds.buffer, esds.byteOffset + at, bytes);
}

function silence(format: AudioFormat, timescale: number): TrackHeader['silence'] {
  return tryRead(() => {
    const { data, samples } = silentFrame(format);
    return { data, durationTicks: Math.round((samples * timescale) / format.sampleRateHz) };
  });
}
