import { formatPercent } from '../text/format.ts';
import { text } from '../text/index.ts';
import { isActive, sentShare } from './uploadItem.ts';
import type { UploadItem } from './uploadItem.ts';
import { isOngoing } from './workEntry.ts';
import type { WorkEntry } from './workEntry.ts';

/** One line about everything; undefined if there is nothing. What needs the person comes first. */
export function summaryOf(items: readonly UploadItem[], works: readonly WorkEntry[]): string | undefined {
  const count = (kinds: readonly string[]) => items.filter(({ stage }) => kinds.includes(stage.kind)).length;
  const active = items.filter(isActive).length;
  const failed = count(['failed']) + works.filter(({ phase }) => phase.kind === 'failed').length;
  const ongoing = works.filter(isOngoing).length;
  const lines: [number, () => string][] = [
    [failed, () => text.uploads.summaryProblem(failed)],
    [active, () => text.uploads.summary(active, formatPercent(Math.floor((sentShare(items) ?? 0) * 100) / 100))],
    [count(['needsFile', 'needsPermission']), () => text.uploads.summaryUnfinished(count(['needsFile', 'needsPermission']))],
    [count(['paused']), () => text.uploads.summaryPaused(count(['paused']))],
    [ongoing, () => text.uploads.summaryWorking(ongoing)],
    [works.length, () => text.uploads.summaryDone(works.length)],
  ];
  return lines.find(([number]) => number > 0)?.[1]();
}
