import { CodedError, CourseId, VideoId } from '#engine/contract';
import { toInstant } from '#engine/kernel';
import type { JobQueue } from '#engine/kernel';
import { sweepJobs } from '#recorder';
import type { SweepReport as StoredReport, SweepStore } from '#recorder';
import type { Handlers } from '../access/index.ts';
import type { SweepReport, sweepRoutes, SweepState } from '../contract/index.ts';

export function sweepHandlers({ store, jobs }: { store: SweepStore; jobs: JobQueue }): Handlers<keyof typeof sweepRoutes> {
  const state = async (): Promise<SweepState> => {
    const { running, last } = await store.read();
    return { running, last: last && reportView(last) };
  };
  return {
    getSweep: state,
    requestSweep: async ({ body: { dryRun: isDryRun } }) => {
      if ((await store.read()).running !== null) throw new CodedError('job.refused', 'A sweep is running already. Wait until it has finished.');
      await jobs.add(sweepJobs, { key: isDryRun ? 'dryRun' : 'delete', data: { isDryRun } });
      return state();
    },
  };
}

function reportView({ orphans, missing, ...report }: StoredReport): SweepReport {
  return {
    ...report,
    orphans: { ...orphans, examples: orphans.examples.map(({ modifiedAtMs, ...object }) => ({ ...object, modifiedAt: toInstant(modifiedAtMs) })) },
    missing: { ...missing, examples: missing.examples.map((video) => ({ ...video, videoId: VideoId.parse(video.videoId), courseId: CourseId.parse(video.courseId) })) },
  };
}
