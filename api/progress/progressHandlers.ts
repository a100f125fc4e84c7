import type { Handlers } from '../access/index.ts';
import type { progressRoutes } from '../contract/index.ts';
import { toCsv } from '../csv/index.ts';
import type { CourseProgress, Learner } from './CourseProgress.ts';

export function progressHandlers({ progress }: { progress: CourseProgress }): Handlers<keyof typeof progressRoutes> {
  return {
    getOwnProgress: ({ params, caller }) => progress.own(params.courseId, caller.userId),
    listProgress: async ({ params, query }) => {
      const page = await progress.page(params.courseId, { cursor: query.cursor, limit: query.limit });
      return { ...page, learners: page.learners.map(learnerView) };
    },
    exportProgress: async ({ params }) => ({ fileName: 'progress.csv', csv: csvOf(await progress.all(params.courseId)) }),
  };
}

function learnerView({ account: { _id, displayName, email }, attendedCount, watchedShare, lastWatchedAt }: Learner) {
  return { userId: _id, displayName, email, attendedCount, watchedShare, lastWatchedAt };
}

const percent = (share: number) => Math.round(share * 100);

function csvOf({ lectures, learners, heldCount }: Awaited<ReturnType<CourseProgress['all']>>): string {
  const header = ['Name', 'Email', 'Lectures attended', 'Lectures held', 'Recordings watched (%)', ...lectures.map(({ title, startedAt }) => `${title} (${startedAt?.slice(0, 10) ?? ''}, present %)`)];
  const rows = learners.map(({ account, attendedCount, watchedShare, presentShares }) => [
    account.displayName,
    account.email,
    attendedCount,
    heldCount,
    percent(watchedShare),
    ...lectures.map(({ id }) => percent(presentShares.get(id) ?? 0)),
  ]);
  return toCsv(header, rows);
}
