import { createHash } from 'node:crypto';
import { newId, toInstant } from '#engine/kernel';
import { isBlackFormat } from '../hls/filler/blackPicture.ts';
import { initSegment, timescaleOf } from '../hls/fmp4/initSegment.ts';
import { withParameterSets } from '../hls/fmp4/parameterSets.ts';
import { mediaSegment } from '../hls/fmp4/mediaSegment.ts';
import type { CompleteSegment } from '../hls/segmenting/CompleteSegment.ts';
import { initKey, segmentKey } from '../journal/keys.ts';
import type { InitSegmentRow, SegmentRow } from '../journal/rows.ts';

export interface WritingPlace {
  recordingId: string;
  /** The lecture's start, ms since the Unix epoch. */
  zeroMs: number;
  /** ISO 8601: now. */
  writtenAt: string;
}

export interface Written<Row> {
  row: Row;
  bytes: Uint8Array;
}

/** The init segment that a cut needs, with its row. */
export function buildInitSegment(cut: CompleteSegment, place: WritingPlace): Written<InitSegmentRow> {
  const bytes = initSegment(cut.format);
  const of = { recordingId: place.recordingId, track: cut.track };
  const { format } = cut;
  const size = format.kind === 'video' ? { widthPx: format.widthPx, heightPx: format.heightPx } : { sampleRateHz: format.codec === 'opus' ? 48_000 : format.sampleRateHz, channelCount: format.channelCount };
  return {
    bytes,
    row: {
      _id: newId('seg'),
      ...of,
      epoch: cut.epoch,
      key: initKey(of, cut.epoch),
      codecString: format.codecString,
      ...fingerprint(bytes),
      state: 'written',
      writtenAt: place.writtenAt,
      isFiller: isBlackFormat(format),
      ...size,
    },
  };
}

/** The segment as a file, with its row. */
export function buildSegment(cut: CompleteSegment, sequence: number, place: WritingPlace): Written<SegmentRow> {
  const bytes = mediaSegment({ fragmentNumber: sequence + 1, decodeTimeTicks: cut.startTicks, samples: withParameterSets(cut.format, cut.samples) });
  const of = { recordingId: place.recordingId, track: cut.track };
  const ticksPerMs = timescaleOf(cut.format) / 1000;
  const startMs = toMicrosecond(cut.startTicks / ticksPerMs);
  return {
    bytes,
    row: {
      _id: newId('seg'),
      ...of,
      sequence,
      epoch: cut.epoch,
      startMs,
      // From rounded ends, so that one segment ends where the next begins.
      durationMs: toMicrosecond(toMicrosecond((cut.startTicks + cut.durationTicks) / ticksPerMs) - startMs),
      wallClock: toInstant(place.zeroMs + startMs),
      key: segmentKey(of, sequence),
      ...fingerprint(bytes),
      frameCount: cut.samples.length,
      isIndependent: cut.isIndependent,
      isFiller: cut.isFiller,
      state: 'written',
      writtenAt: place.writtenAt,
    },
  };
}

function toMicrosecond(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

function fingerprint(bytes: Uint8Array): { bytes: number; sha256: string } {
  return { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}
