import type { VideoRow } from '../../library/index.ts';
import type { SegmentRow } from '../../journal/rows.ts';
import type { InitSegment } from '../encode/fragments.ts';
import { outputRate } from '../probe/frameRates.ts';
import type { Rate } from '../probe/SourceProfile.ts';
import { planGroup } from './planVideo.ts';
import { RecordingSource } from './RecordingSource.ts';
import type { TaskProgress } from './TaskProgress.ts';
import type { TranscodePlan, VideoPass } from './transcodePlan.ts';
import type { TranscoderOptions } from './TranscoderOptions.ts';
import type { TranscodeRow } from './TranscodeStore.ts';

export interface RecordingPreparation {
  row: TranscodeRow;
  video: VideoRow;
  recordingId: string;
  folder: string;
  progress: TaskProgress;
}

/** A segment that is shorter says little about the frame rate. */
const minSampleMs = 900;

/** Plans the ladder of a recording, which can already be played. */
export async function prepareRecording({ row, video, recordingId, folder, progress }: RecordingPreparation, options: TranscoderOptions): Promise<TranscodePlan> {
  const { recordings, store, tools, support } = options;
  const { durationSeconds } = video;
  const { signal } = progress;
  const segments = await recordings.segments(recordingId);
  const source = new RecordingSource({ recordingId, recordings, store, folder, durationSeconds, signal });
  const passes: VideoPass[] = [];
  for (const [group, track] of [['main', 'main-video'], ['screen', 'screen-video']] as const) {
    const ofTrack = segments.filter((segment) => segment.track === track && segment.state !== 'lost');
    if (ofTrack.length === 0) continue;
    const keyframes = ofTrack.filter(({ isIndependent }) => isIndependent).map(({ startMs }) => startMs / 1000);
    const size = largest(await source.inits(group));
    passes.push(...(await planGroup({ group, size, rate: rateOf(ofTrack), durationSeconds, keyframes, isIndexed: true, source }, { heights: row.heights, isUrgent: false, folder, signal }, { tools, support })));
  }
  const hasAudio = segments.some(({ track, state }) => track === 'main-audio' && state !== 'lost');
  const audio = hasAudio ? [{ id: 'audio-1', index: 0, language: languageOf(options.recordingLanguage) }] : [];
  return { version: 1, durationSeconds, source: { kind: 'recording', recordingId }, passes, audio };
}

function languageOf(language: string): string | null {
  return language === 'und' ? null : language;
}

function largest(inits: readonly InitSegment[]): { widthPx: number; heightPx: number } {
  const area = ({ widthPx, heightPx }: InitSegment) => (widthPx ?? 0) * (heightPx ?? 0);
  const best = inits.reduce<InitSegment | undefined>((most, init) => (most && area(most) >= area(init) ? most : init), undefined);
  return { widthPx: best?.widthPx ?? 640, heightPx: best?.heightPx ?? 360 };
}

/** The rate that nine of ten segments stay below: browsers send frames at a variable rate. */
function rateOf(segments: readonly SegmentRow[]): Rate {
  const long = segments.filter(({ durationMs, isFiller }) => durationMs >= minSampleMs && !isFiller);
  const rates = long.map(({ frameCount, durationMs }) => (frameCount * 1000) / durationMs).sort((a, b) => a - b);
  return outputRate(rates[Math.floor(rates.length * 0.9)] ?? 25, true);
}
