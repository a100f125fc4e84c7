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
  const video = videoStreamOf(probe);
  const hasPackets = ({ index }: ProbedStream) => packets.has(index);
  const audio = audioStreamsOf(probe).filter((stream) => hasPackets(stream) && stream.codec_name !== undefined && (stream.channels ?? 0) > 0 && (stream.sample_rate ?? 0) > 0);
  const hasVideo = video !== undefined && hasPackets(video) && video.codec_name !== undefined && (video.width ?? 0) > 0 && (video.height ?? 0) > 0;
  const used = [...(hasVideo ? [video] : []), ...audio].flatMap((stream) => packets.get(stream.index) ?? []);
  if (used.length === 0) throw new CodedError('video.damaged', 'The file is damaged: it announces media, but contains none that can be read.');
  const origin = Math.min(...used.map(({ startSeconds }) => startSeconds));
  const longest = Math.max(...used.map(({ endSeconds }) => endSeconds)) - origin;
  const videoEnd = hasVideo ? (packets.get(video.index)?.endSeconds ?? 0) - origin : 0;
  // Frames of audio do not end with those of video: that is no reason for another frame.
  const durationSeconds = longest - videoEnd < sameEndSeconds && videoEnd > 0 ? videoEnd : longest;
  requireBelievable(durationSeconds, used.reduce((sum, track) => sum + track.packets, 0));
  return {
    container,
    originSeconds: origin,
    durationSeconds,
    bps: durationSeconds > 0 ? Math.round((bytes * 8) / durationSeconds) : 0,
    video: hasVideo ? profileVideo(video, packets.get(video.index) as TrackPackets, origin) : null,
    audio: audio.map((stream) => profileAudio(stream, packets.get(stream.index) as TrackPackets, origin)),
  };
}

function requireBelievable(durationSeconds: number, packets: number): void {
  if (durationSeconds > limits.maxSourceSeconds) throw new CodedError('video.tooLong', `The video is too long: ${Math.round(durationSeconds / 3600)} hours. At most ${limits.maxSourceSeconds / 3600} hours are possible.`, { details: { durationSeconds } });
  if (durationSeconds > limits.maxUncheckedSeconds && packets < durationSeconds * limits.minPacketsPerSecond) throw new CodedError('video.damaged', 'The file is damaged: its times are far apart, with nothing in between.');
}

function profileVideo(stream: ProbedStream, packets: TrackPackets, origin: number): VideoProfile {
  const rotation = rotationOf(stream);
  const [wide, high] = displaySize(stream);
  const isTurned = Math.abs(rotation) % 180 === 90;
  const isInterlaced = interlacedOrders.has(stream.field_order ?? '');
  const average = rateOf(stream.avg_frame_rate);
  const measured = packets.usualStepMs > 0 ? 1000 / packets.usualStepMs : perSecond(average ?? { num: 0, den: 1 });
  const isVariable = packets.irregularShare > limits.maxIrregularFrames;
  const frameSeconds = measured > 0 ? 1 / measured : 0;
  return {
    index: stream.index,
    codec: stream.codec_name ?? '',
    profile: stream.profile ?? '',
    pixelFormat: stream.pix_fmt ?? '',
    widthPx: isTurned ? high : wide,
    heightPx: isTurned ? wide : high,
    rotation,
    hasSquarePixels: squareRatio(stream) === 1,
    isInterlaced,
    transfer: stream.color_transfer === 'smpte2084' ? 'pq' : stream.color_transfer === 'arib-std-b67' ? 'hlg' : 'sdr',
    matrix: stream.color_space === undefined || unknownMatrix.has(stream.color_space) ? undefined : stream.color_space,
    frameRate: outputRate(measured, isVariable),
    hasVariableFrameRate: isVariable,
    startSeconds: packets.startSeconds - origin,
    endSeconds: Math.max(packets.endSeconds, packets.startSeconds + frameSeconds) - origin,
    keyframes: packets.keyframes.map((at) => at - origin),
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
  const language = stream.tags?.['language']?.toLowerCase();
  const isKnown = language !== undefined && language !== 'und' && /^[a-z]{2,8}(-[a-z0-9]{1,8})*$/.test(language);
  return {
    index: stream.index,
    codec: stream.codec_name ?? '',
    profile: stream.profile ?? '',
    channelCount: stream.channels ?? 0,
    sampleRateHz: stream.sample_rate ?? 0,
    language: isKnown ? (shortCodes[language] ?? language) : undefined,
    title: (stream.tags?.['title'] ?? stream.tags?.['handler_name'])?.replace(/[^\p{L}\p{N} .,()-]/gu, '').slice(0, 60) || undefined,
    startSeconds: packets.startSeconds - origin,
    endSeconds: packets.endSeconds - origin,
  };
}
