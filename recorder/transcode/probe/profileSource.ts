import { CodedError } from '#engine/contract';
import * as limits from '../limits.ts';
import { outputRate, perSecond, rateOf } from './frameRates.ts';
import type { TrackPackets } from './PacketScan.ts';
import type { ProbedStream, ProbeOutput } from './probeOutput.ts';
import type { AudioProfile, SourceProfile, VideoProfile } from './SourceProfile.ts';

const encryptedTags = new Set(['encv', 'enca', 'drmi', 'drms']);
const interlacedOrders = new Set(['tt', 'bb', 'tb', 'bt']);
/** A frame of AAC at 8 kHz has 128 ms. */
const sameEndSeconds = 0.13;
const unknownMatrix = new Set(['unknown', 'reserved', 'unspecified']);

/** The first video track that is no cover image. */
export function videoStreamOf({ streams }: ProbeOutput): ProbedStream | undefined {
  const videos = streams.filter((stream) => stream.codec_type === 'video' && stream.disposition?.['attached_pic'] !== 1);
  return videos.find(({ disposition }) => disposition?.['default'] === 1) ?? videos[0];
}

export function audioStreamsOf({ streams }: ProbeOutput): ProbedStream[] {
  const audio = streams.filter((stream) => stream.codec_type === 'audio');
  const isDefault = (stream: ProbedStream) => Number(stream.disposition?.['default'] === 1);
  return audio.sort((a, b) => isDefault(b) - isDefault(a) || a.index - b.index).slice(0, limits.maxAudioTracks);
}

/** Refuses what no decoder should see. @throws CodedError `video.encrypted`, `video.noTracks`, `video.tooLarge` */
export function requireReadable(probe: ProbeOutput): void {
  if (probe.streams.some(({ codec_tag_string: tag }) => tag !== undefined && encryptedTags.has(tag))) throw new CodedError('video.encrypted', 'The file is encrypted. Upload a copy without copy protection.');
  const video = videoStreamOf(probe);
  if (!video && audioStreamsOf(probe).length === 0) throw new CodedError('video.noTracks', 'The file has neither video nor audio.');
  const { width = 0, height = 0 } = video ?? {};
  if (Math.max(width, height) > limits.maxSourceSidePx || width * height > limits.maxSourcePixels) {
    throw new CodedError('video.tooLarge', `The frames are too large: ${width} × ${height} pixels. At most ${limits.maxSourceSidePx} pixels on a side are possible.`, { details: { width, height } });
  }
}

/**
 * Puts together what the header says and what the packets say. The packets win.
 * @throws CodedError `video.damaged`, `video.noTracks`, `video.tooLong`
 */
export function profileSource(probe: ProbeOutput, packets: ReadonlyMap<number, TrackPackets>, { container, bytes }: { container: string; bytes: number }): SourceProfile {
  const video = withPackets(videoStreamOf(probe), packets, ({ width = 0, height = 0 }) => width > 0 && height > 0);
  const audio = audioStreamsOf(probe).flatMap((stream) => withPackets(stream, packets, ({ channels = 0, sample_rate: rate = 0 }) => channels > 0 && rate > 0) ?? []);
  const used = [...(video ? [video] : []), ...audio].map((track) => track.packets);
  if (used.length === 0) throw new CodedError('video.damaged', 'The file is damaged: it announces media, but contains none that can be read.');
  const origin = Math.min(...used.map(({ startSeconds }) => startSeconds));
  const longest = Math.max(...used.map(({ endSeconds }) => endSeconds)) - origin;
  const videoEnd = video ? video.packets.endSeconds - origin : 0;
  // Frames of audio do not end with those of video: that is no reason for another frame.
  const durationSeconds = longest - videoEnd < sameEndSeconds && videoEnd > 0 ? videoEnd : longest;
  requireBelievable(durationSeconds, used.reduce((sum, track) => sum + track.packets, 0));
  return {
    container,
    originSeconds: origin,
    durationSeconds,
    bps: durationSeconds > 0 ? Math.round((bytes * 8) / durationSeconds) : 0,
    video: video ? profileVideo(video.stream, video.packets, origin) : null,
    audio: audio.map((track) => profileAudio(track.stream, track.packets, origin)),
  };
}

interface ReadTrack {
  stream: ProbedStream;
  packets: TrackPackets;
}

/** A track with a known codec, with packets, and with what a decoder needs to know. */
function withPackets(stream: ProbedStream | undefined, packets: ReadonlyMap<number, TrackPackets>, isUsable: (stream: ProbedStream) => boolean): ReadTrack | undefined {
  const found = stream && packets.get(stream.index);
  return found && stream.codec_name !== undefined && isUsable(stream) ? { stream, packets: found } : undefined;
}

function requireBelievable(durationSeconds: number, packets: number): void {
  if (durationSeconds > limits.maxSourceSeconds) throw new CodedError('video.tooLong', `The video is too long: ${Math.round(durationSeconds / 3600)} hours. At most ${limits.maxSourceSeconds / 3600} hours are possible.`, { details: { durationSeconds } });
  if (durationSeconds > limits.maxUncheckedSeconds && packets < durationSeconds * limits.minPacketsPerSecond) throw new CodedError('video.damaged', 'The file is damaged: its times are far apart, with nothing in between.');
}

function profileVideo(stream: ProbedStream, packets: TrackPackets, origin: number): VideoProfile {
  const { codec_name: codec = '', profile = '', pix_fmt: pixelFormat = '' } = stream;
  const measured = packets.usualStepMs > 0 ? 1000 / packets.usualStepMs : perSecond(rateOf(stream.avg_frame_rate) ?? { num: 0, den: 1 });
  const isVariable = packets.irregularShare > limits.maxIrregularFrames;
  const frameSeconds = measured > 0 ? 1 / measured : 0;
  return {
    index: stream.index,
    codec,
    profile,
    pixelFormat,
    ...shapeOf(stream),
    ...lightOf(stream),
    frameRate: outputRate(measured, isVariable),
    hasVariableFrameRate: isVariable,
    startSeconds: packets.startSeconds - origin,
    endSeconds: Math.max(packets.endSeconds, packets.startSeconds + frameSeconds) - origin,
    keyframes: packets.keyframes.map((at) => at - origin),
  };
}

function shapeOf(stream: ProbedStream): Pick<VideoProfile, 'widthPx' | 'heightPx' | 'rotation' | 'hasSquarePixels' | 'isInterlaced'> {
  const rotation = rotationOf(stream);
  const [wide, high] = displaySize(stream);
  const isTurned = Math.abs(rotation) % 180 === 90;
  return {
    widthPx: isTurned ? high : wide,
    heightPx: isTurned ? wide : high,
    rotation,
    hasSquarePixels: squareRatio(stream) === 1,
    isInterlaced: interlacedOrders.has(stream.field_order ?? ''),
  };
}

function lightOf({ color_transfer: transfer, color_space: matrix }: ProbedStream): Pick<VideoProfile, 'transfer' | 'matrix'> {
  return {
    transfer: transfer === 'smpte2084' ? 'pq' : transfer === 'arib-std-b67' ? 'hlg' : 'sdr',
    matrix: matrix === undefined || unknownMatrix.has(matrix) ? undefined : matrix,
  };
}

function rotationOf({ side_data_list: sideData, tags }: ProbedStream): number {
  const matrix = sideData?.find(({ rotation }) => rotation !== undefined)?.rotation;
  const turned = matrix ?? Number(tags?.['rotate'] ?? 0);
  return Number.isFinite(turned) ? Math.round(turned / 90) * 90 : 0;
}

function squareRatio({ sample_aspect_ratio: ratio }: ProbedStream): number {
  const match = /^(\d+):(\d+)$/.exec(ratio ?? '');
  const value = match ? Number(match[1]) / Number(match[2]) : 1;
  // Beyond this, the header lies.
  return value > 0.1 && value < 10 ? value : 1;
}

/** With square pixels, and never more of them in height. */
function displaySize(stream: ProbedStream): [number, number] {
  const { width = 0, height = 0 } = stream;
  const wide = Math.round(width * squareRatio(stream));
  return wide <= limits.maxSourceSidePx ? [wide, height] : [width, Math.round(height / squareRatio(stream))];
}

/** ISO 639-2 of containers as BCP 47, where a language has a code of two letters that browsers prefer. */
const shortCodes: Readonly<Record<string, string>> = { eng: 'en', spa: 'es', deu: 'de', ger: 'de', fra: 'fr', fre: 'fr', ita: 'it', por: 'pt', nld: 'nl', dut: 'nl', rus: 'ru', zho: 'zh', chi: 'zh', jpn: 'ja', kor: 'ko', ara: 'ar', hin: 'hi', tur: 'tr', pol: 'pl', ukr: 'uk', swe: 'sv', nor: 'no', dan: 'da', fin: 'fi', ces: 'cs', cze: 'cs', ell: 'el', gre: 'el', heb: 'he', hun: 'hu', ron: 'ro', rum: 'ro', cat: 'ca', eus: 'eu', baq: 'eu', glg: 'gl' };

function profileAudio(stream: ProbedStream, packets: TrackPackets, origin: number): AudioProfile {
  const { codec_name: codec = '', profile = '', channels: channelCount = 0, sample_rate: sampleRateHz = 0, tags = {} } = stream;
  return {
    index: stream.index,
    codec,
    profile,
    channelCount,
    sampleRateHz,
    language: languageOf(tags['language']),
    startSeconds: packets.startSeconds - origin,
    endSeconds: packets.endSeconds - origin,
  };
}

function languageOf(tag: string | undefined): string | undefined {
  const language = tag?.toLowerCase() ?? '';
  const isKnown = language !== 'und' && /^[a-z]{2,8}(-[a-z0-9]{1,8})*$/.test(language);
  return isKnown ? (shortCodes[language] ?? language) : undefined;
}
