import { formatPercent } from '../text/format.ts';
import { text } from '../text/index.ts';
import type { UploadItem } from './uploadItem.ts';

const steps = 4;

/** What a screen reader says about an upload. It changes at every quarter and with the stage, so that it is said rarely. */
export function announcementOf(item: Pick<UploadItem, 'title' | 'bytes' | 'sentBytes' | 'stage'> | undefined): string {
  if (!item) return '';
  if (item.stage.kind === 'offline') return text.uploads.stages.offline;
  if (item.bytes === 0) return '';
  const quarter = Math.floor((item.sentBytes / item.bytes) * steps) / steps;
  return quarter === 0 ? '' : text.uploads.announced(item.title, formatPercent(quarter));
}
