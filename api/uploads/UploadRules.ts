import { CodedError } from '#engine/contract';
import type { SiteRole, VideoId } from '#engine/contract';
import type { UploadRow, UploadStore } from '#recorder';
import { maxUploadGb } from '../contract/index.ts';
import type { SiteSettings } from '../contract/index.ts';
import type { CurrentSettings } from '../settings/index.ts';
import { bytesOfGb } from './limits.ts';

export interface UploadRulesOptions {
  rows: UploadStore;
  settings: CurrentSettings;
  /** The videos of these ids that exist, also those in the trash. */
  videosOf: (videoIds: readonly VideoId[]) => Promise<readonly { id: string }[]>;
}

interface Bounds {
  /** The largest file. */
  fileBytes: number;
  /** All files; undefined: any amount. */
  quotaBytes: number | undefined;
}

type Sizes = Pick<SiteSettings, 'maxUploadGbOfInstructors' | 'maxUploadGbOfOthers' | 'uploadQuotaGbOfInstructors' | 'uploadQuotaGbOfOthers'>;

/** The largest file of anyone: what tus announces. */
export const largestUploadBytes = maxUploadGb * bytesOfGb;

/** What the settings of the site allow a person to upload. */
export class UploadRules {
  readonly #options: UploadRulesOptions;

  constructor(options: UploadRulesOptions) {
    this.#options = options;
  }

  /** @throws CodedError `upload.tooLarge` */
  requireSize(roles: readonly SiteRole[], bytes: number): void {
    const { fileBytes } = boundsOf(roles, this.#options.settings.current);
    if (bytes <= fileBytes) return;
    throw new CodedError('upload.tooLarge', `This file has ${inGb(bytes)} GB, and you may upload up to ${inGb(fileBytes)} GB. Export it with a lower bitrate, or ask an administrator.`, { details: { maxBytes: fileBytes } });
  }

  /**
   * Whether the person may have this upload, which is counted already: of two at the same time, both may be refused, and never are both
   * accepted where there is room for one. @throws CodedError `upload.tooMany`, `upload.quotaReached`
   */
  async requireRoom({ userId, bytes }: UploadRow, roles: readonly SiteRole[]): Promise<void> {
    const { rows, settings } = this.#options;
    const counted = await rows.countedOf(userId);
    const max = settings.current.maxUnfinishedUploads;
    const unfinished = counted.filter(({ state }) => state === 'receiving').length;
    if (unfinished > max) throw new CodedError('upload.tooMany', `You have ${unfinished - 1} unfinished uploads, and this site allows ${max}. Finish or cancel some first.`, { details: { max } });
    const { quotaBytes } = boundsOf(roles, settings.current);
    if (quotaBytes === undefined) return;
    const usedBytes = await this.#bytesOf(counted);
    if (usedBytes <= quotaBytes) return;
    const details = { quotaBytes, usedBytes: usedBytes - bytes };
    throw new CodedError('upload.quotaReached', `Your uploads use ${inGb(usedBytes - bytes)} of ${inGb(quotaBytes)} GB, and this file needs ${inGb(bytes)} GB. Delete videos that you no longer need, or ask an administrator.`, { details });
  }

  /** A stored file counts as long as its video exists. */
  async #bytesOf(counted: readonly UploadRow[]): Promise<number> {
    const stored = counted.filter(({ state }) => state === 'stored').map(({ videoId }) => videoId as VideoId);
    const existing = new Set((stored.length === 0 ? [] : await this.#options.videosOf([...new Set(stored)])).map(({ id }) => id));
    return counted.filter(({ state, videoId }) => state !== 'stored' || existing.has(videoId)).reduce((sum, row) => sum + row.bytes, 0);
  }
}

function boundsOf(roles: readonly SiteRole[], settings: Sizes): Bounds {
  if (roles.includes('admin')) return { fileBytes: largestUploadBytes, quotaBytes: undefined };
  const [fileGb, quotaGb] = roles.includes('instructor')
    ? [settings.maxUploadGbOfInstructors, settings.uploadQuotaGbOfInstructors]
    : [settings.maxUploadGbOfOthers, settings.uploadQuotaGbOfOthers];
  return { fileBytes: fileGb * bytesOfGb, quotaBytes: quotaGb === null ? undefined : quotaGb * bytesOfGb };
}

/** With one digit after the point. */
function inGb(bytes: number): string {
  return (Math.ceil((bytes / bytesOfGb) * 10) / 10).toString();
}
