import { createHash } from 'node:crypto';
import { newId, toInstant } from '#engine/kernel';
import { isBlackFormat } from '../hls/filler/blackFrame.ts';
import { initSegment, timescaleOf } from '../hls/fmp4/initSegment.ts';
import { withParameterSets } from '../hls/fmp4/parameterSets.ts';
import { mediaSegment } from '../hls/fmp4/mediaSegment.ts';
import { withoutRecoveryPoints } from '../hls/fmp4/recoveryPoints.ts';
import type { CompleteSegment } from '../hls/segmenting/CompleteSegment.ts';
import { initKey, segmentKey } from '../journal/keys.ts';
import type { InitSegmentRow, SegmentRow } from '../journal/rows.ts';

export interface SegmentContext {
  recordingId: string;
  /** By how much composition offsets are increased in this track and epoch; that of its first segment. */
  compositionDelayTicks?: number;
  /** The lecture's start, ms since the Unix epoch. */
  zeroMs: number;
  /** ISO 8601: now. */
  writtenAt: string;
}

export interface BuiltFile<Row> {
  row: Row;
  bytes: Uint8Array;
}

/** The init segment that a segment needs, with its row. */
export function buildInitSegment(segment: CompleteSegment, context: SegmentContext): BuiltFile<InitSegmentRow> {
  const bytes = initSegment(segment.format, context.compositionDelayTicks);
  const of = { recordingId: context.recordingId, track: segment.track };
  const { format } = segment;
  const size = format.kind === 'video' ? { widthPx: format.widthPx, heightPx: format.heightPx } : { sampleRateHz: format.codec === 'opus' ? 48_000 : format.sampleRateHz, channelCount: format.channelCount };
  return {
    bytes,
    row: {
      _id: newId('seg'),
      ...of,
      epoch: segment.epoch,
      key: initKey(of, segment.epoch),
      codecString: format.codecString,
      ...fingerprint(bytes),
      state: 'written',
      writtenAt: context.writtenAt,
      isFiller: isBlackFormat(format),
      ...size,
    },
  };
}

/** The segment as a file, with its row. */
export function buildSegment(segment: CompleteSegment, sequence: number, context: SegmentContext): BuiltFile<SegmentRow> {
  const samples = withoutRecoveryPoints(segment.format, withParameterSets(segment.format, segment.samples));
  const { compositionDelayTicks } = context;
  const bytes = mediaSegment({ fragmentNumber: sequence + 1, decodeTimeTicks: segment.startTicks, samples, ...(compositionDelayTicks && { compositionDelayTicks }) });
  const of = { recordingId: context.recordingId, track: segment.track };
  const ticksPerMs = timescaleOf(segment.format) / 1000;
  const startMs = toMicrosecond(segment.startTicks / ticksPerMs);
  return {
    bytes,
    row: {
      _id: newId('seg'),
      ...of,
      sequence,
      epoch: segment.epoch,
      startMs,
      // Computed from rounded ends, so that one segment ends where the next begins.
      durationMs: toMicrosecond(toMicrosecond((segment.startTicks + segment.durationTicks) / ticksPerMs) - startMs),
      wallClock: toInstant(context.zeroMs + startMs),
      key: segmentKey(of, sequence),
      ...fingerprint(bytes),
      frameCount: segment.samples.filter(({ isRepeated }) => !isRepeated).length,
      isIndependent: segment.isIndependent,
      ...(segment.format.kind === 'video' && segment.isIndependent && { keyframeBytes: bytes.length - samples.slice(1).reduce((sum, { data }) => sum + data.length, 0) }),
      isFiller: segment.isFiller,
      state: 'written',
      writtenAt: context.writtenAt,
    },
  };
}

function toMicrosecond(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

function fingerprint(bytes: Uint8Array): { bytes: number; sha256: string } {
  return { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}
