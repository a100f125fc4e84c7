import { Manifest } from '../../renditions/index.ts';
import type { ManifestRendition } from '../../renditions/index.ts';
import type { RenditionGroup } from '../../contract/index.ts';
import { perSecond } from '../probe/frameRates.ts';
import type { RecordedRendition, TaskRecord, TranscodePlan, VideoPass } from './transcodePlan.ts';
import { audioTask, videoTask } from './transcodePlan.ts';
import { videoRenditionId } from './videoTask.ts';

/** Segments shorter than this are not the peak (RFC 8216bis §4.4.6.2). */
const minPeakMs = 500;

export interface RenditionOf {
  group: RenditionGroup;
  frameRate: number | null;
  language: string | null;
}

/** The manifest of passes whose tasks are all done. `records` by the name of the task. */
export function assembleManifest(plan: TranscodePlan, passes: readonly VideoPass[], records: ReadonlyMap<string, TaskRecord>): Manifest {
  const video = passes.flatMap((pass) => pass.rungs.map(({ rung }) => joined(partsOf(pass, rung.height, records), { group: pass.group, frameRate: perSecond(pass.rate), language: null })));
  const audio = plan.audio.map((track, index) => joined([requireRendition(records, audioTask(index), track.id)], { group: 'main', frameRate: null, language: track.language }));
  const renditions = [...video, ...audio];
  return Manifest.parse({ version: 1, durationMs: longestMs(renditions), renditions });
}

function longestMs(renditions: readonly ManifestRendition[]): number {
  return Math.max(...renditions.map(({ segments }) => segments.reduce((sum, { durationMs }) => sum + durationMs, 0)));
}

function partsOf(pass: VideoPass, height: number, records: ReadonlyMap<string, TaskRecord>): RecordedRendition[] {
  return pass.parts.map((_, part) => requireRendition(records, videoTask(pass, part), videoRenditionId(pass.group, height)));
}

function requireRendition(records: ReadonlyMap<string, TaskRecord>, task: string, id: string): RecordedRendition {
  const rendition = records.get(task)?.renditions.find((one) => one.id === id);
  if (!rendition) throw new Error(`${task} has not made ${id}`);
  return rendition;
}

/** One rendition of the pieces that tasks have made, one after the other. */
export function joined(pieces: readonly RecordedRendition[], { group, frameRate, language }: RenditionOf): ManifestRendition {
  const first = pieces[0];
  if (!first) throw new Error('a rendition needs a piece');
  if (pieces.some(({ init }) => init.sha256 !== first.init.sha256)) throw new Error(`the parts of ${first.id} have different formats`);
  const parts = pieces.flatMap((piece) => piece.parts);
  let firstPart = 0;
  const segments = pieces.flatMap((piece) => {
    const moved = piece.segments.map((segment) => ({ ...segment, part: segment.part + firstPart }));
    firstPart += piece.parts.length;
    return moved;
  });
  const bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
  const totalMs = segments.reduce((sum, segment) => sum + segment.durationMs, 0);
  const averageBps = Math.max(1, Math.ceil((bytes * 8000) / totalMs));
  const peakBps = segments.filter(({ durationMs }) => durationMs >= minPeakMs).reduce((most, segment) => Math.max(most, Math.ceil((segment.bytes * 8000) / segment.durationMs)), averageBps);
  const { id, codecString, widthPx, heightPx, channelCount, init } = first;
  const kind = widthPx === null ? 'audio' : 'video';
  return { id, group, kind, codecString, widthPx, heightPx, channelCount, frameRate, language, peakBps, averageBps, bytes: parts.reduce((sum, part) => sum + part.bytes, init.bytes), init, parts, segments };
}
