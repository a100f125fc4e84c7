// Responsible for comparing the object store with the rows of recordings and videos: finds objects that belong to nothing, and deletes them
// unless it is a dry run, and finds videos whose objects are missing. It looks at `recordings/` and `videos/` only: uploads in progress,
// images, exports and the spool of a node have owners of their own.
import { isCoded } from '#engine/contract';
import { toInstant } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import type { Journal } from '../journal/Journal.ts';
import type { StoredFile, VideoRow } from '../library/VideoRow.ts';
import { maxSweepExamples, sweepSafeAgeMs } from '../limits.ts';
import type { Manifest } from '../renditions/index.ts';
import type { ListedObject, ObjectStore } from '../storage/index.ts';
import { judgeRecording, judgeVideo } from './judgeObjects.ts';
import type { Judgement } from './judgeObjects.ts';
import type { SweepReport } from './SweepReport.ts';

export interface SweptVideos {
  find(videoId: string): Promise<VideoRow | undefined>;
  ofRecording(recordingId: string): Promise<VideoRow | undefined>;
  all(): AsyncIterable<VideoRow>;
}

export interface SweepOptions {
  store: ObjectStore;
  journal: Pick<Journal, 'recording' | 'extent'>;
  videos: SweptVideos;
  manifestOf: (file: StoredFile) => Promise<Pick<Manifest, 'renditions'>>;
  clock: Clock;
  logger: Logger;
}

export interface SweepRun {
  isDryRun: boolean;
  signal: AbortSignal;
  /** Objects that were looked at so far. */
  onProgress?: (objects: number) => Promise<void>;
}

/** All objects of one owner. */
interface Group {
  kind: 'recordings' | 'videos';
  id: string;
  objects: ListedObject[];
}

export class Sweep {
  readonly #options: SweepOptions;

  constructor(options: SweepOptions) {
    this.#options = options;
  }

  async run({ isDryRun, signal, onProgress }: SweepRun): Promise<SweepReport> {
    const { clock, logger } = this.#options;
    const startedAt = toInstant(clock.nowMs());
    const report: SweepReport = { isDryRun, startedAt, finishedAt: startedAt, objects: 0, bytes: 0, orphans: { objects: 0, bytes: 0, deleted: 0, examples: [] }, missing: { videos: 0, objects: 0, examples: [] }, inProgress: 0 };
    const seen = new Set<string>();
    for (const kind of ['recordings', 'videos'] as const) {
      for await (const group of this.#groups(kind)) {
        signal.throwIfAborted();
        seen.add(group.id);
        await this.#judge(group, report);
        await onProgress?.(report.objects);
      }
    }
    await this.#findLost(seen, report, signal);
    report.finishedAt = toInstant(clock.nowMs());
    logger.info({ isDryRun, objects: report.objects, orphans: report.orphans.objects, deleted: report.orphans.deleted, incompleteVideos: report.missing.videos }, 'sweep.finished');
    return report;
  }

  async *#groups(kind: Group['kind']): AsyncGenerator<Group> {
    let group: Group | undefined;
    for (let after: string | undefined; ; ) {
      const { objects, next } = await this.#options.store.list(`${kind}/`, { after });
      for (const object of objects) {
        const id = object.key.split('/')[1] ?? '';
        if (group?.id !== id) {
          if (group) yield group;
          group = { kind, id, objects: [] };
        }
        group.objects.push(object);
      }
      if (next === null) break;
      after = next;
    }
    if (group) yield group;
  }

  async #judge(group: Group, report: SweepReport): Promise<void> {
    const { video, judgement } = await this.#judgementOf(group);
    report.objects += group.objects.length;
    report.bytes += sumOf(group.objects);
    if (judgement.inProgress) {
      report.inProgress += 1;
      return;
    }
    const { orphans, missing } = judgement;
    report.orphans.objects += orphans.length;
    report.orphans.bytes += sumOf(orphans);
    for (const { key, bytes, modifiedAtMs } of orphans.slice(0, maxSweepExamples - report.orphans.examples.length)) report.orphans.examples.push({ key, bytes, modifiedAtMs });
    if (!report.isDryRun && orphans.length > 0) report.orphans.deleted += await this.#delete(group);
    noteMissing(report, video, missing);
  }

  /** Judged again: a row may have come since the first look. */
  async #delete(group: Group): Promise<number> {
    const { judgement } = await this.#judgementOf(group);
    if (judgement.inProgress) return 0;
    await this.#options.store.deleteMany(judgement.orphans.map(({ key }) => key));
    return judgement.orphans.length;
  }

  async #judgementOf({ kind, id, objects }: Group): Promise<{ video: VideoRow | undefined; judgement: Judgement }> {
    const { journal, videos, clock } = this.#options;
    const isOld = ({ modifiedAtMs }: ListedObject) => clock.nowMs() - modifiedAtMs > sweepSafeAgeMs;
    if (kind === 'videos') {
      const video = await videos.find(id);
      return { video, judgement: judgeVideo({ video, listed: await this.#listedIn(video) }, objects, isOld) };
    }
    const [recording, video] = [await journal.recording(id), await videos.ofRecording(id)];
    const extent = recording ? await journal.extent(id) : { inits: [], segments: [] };
    return { video, judgement: judgeRecording({ recording, video, files: [...extent.inits, ...extent.segments], listed: await this.#listedIn(video) }, objects, isOld) };
  }

  /** The objects in the manifest of a video; undefined when that is missing or damaged. */
  async #listedIn(video: VideoRow | undefined): Promise<string[] | undefined> {
    if (!video?.manifest) return [];
    try {
      const { renditions } = await this.#options.manifestOf(video.manifest);
      return renditions.flatMap(({ init, parts }) => [init.key, ...parts.map(({ key }) => key)]);
    } catch (err) {
      // What a store that is unavailable contains is not judged at all.
      if (isCoded(err, 'store.unavailable')) throw err;
      this.#options.logger.warn({ err, videoId: video._id, key: video.manifest.key }, 'sweep.manifestUnreadable');
      return undefined;
    }
  }

  /** Videos of which the store has nothing at all. */
  async #findLost(seen: ReadonlySet<string>, report: SweepReport, signal: AbortSignal): Promise<void> {
    for await (const video of this.#options.videos.all()) {
      signal.throwIfAborted();
      const groups: Group[] = [{ kind: 'videos', id: video._id, objects: [] }, ...(video.recordingId === null ? [] : [{ kind: 'recordings' as const, id: video.recordingId, objects: [] }])];
      for (const group of groups) {
        if (seen.has(group.id)) continue;
        const { judgement } = await this.#judgementOf(group);
        if (!judgement.inProgress) noteMissing(report, video, judgement.missing);
      }
    }
  }
}

function noteMissing({ missing }: SweepReport, video: VideoRow | undefined, keys: readonly string[]): void {
  const [key] = keys;
  if (!video || key === undefined) return;
  missing.objects += keys.length;
  const known = missing.examples.find(({ videoId }) => videoId === video._id);
  if (known) {
    known.objects += keys.length;
    return;
  }
  missing.videos += 1;
  if (missing.examples.length < maxSweepExamples) missing.examples.push({ videoId: video._id, courseId: video.courseId, title: video.title, objects: keys.length, key });
}

function sumOf(objects: readonly ListedObject[]): number {
  return objects.reduce((sum, { bytes }) => sum + bytes, 0);
}
