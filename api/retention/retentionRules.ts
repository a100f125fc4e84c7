// When the retention of a course deletes a video, and when its owner is told.
import { fromInstant, toInstant } from '#engine/kernel';
import type { CourseRetention, EffectiveRetention, RetentionRule, SiteSettings } from '../contract/index.ts';
import { dayMs } from '../limits.ts';

/** Days before the deletion on which the owner is told. */
export const noticeDays = { month: 30, week: 7 } as const;
export type RetentionNotice = keyof typeof noticeDays;

export const followsSite: CourseRetention = { recordings: 'site', uploads: 'site', chat: 'site' };

/** The days that are in force in a course; null: things are kept. */
export function effectiveRetention({ recordings, uploads, chat }: CourseRetention, site: Pick<SiteSettings, 'recordingDays' | 'uploadDays' | 'chatDays'>): EffectiveRetention {
  return { recordingDays: daysOf(recordings, site.recordingDays), uploadDays: daysOf(uploads, site.uploadDays), chatDays: daysOf(chat, site.chatDays) };
}

function daysOf(rule: RetentionRule, siteDays: number | null): number | null {
  return rule === 'site' ? siteDays : rule === 'never' ? null : rule;
}

/** A video that a rule will delete. */
export interface PlannedDeletion {
  /** ISO 8601: when the rule first applied to it. */
  plannedAt: string;
  /** ISO 8601: when the owner was told the second time; null before. */
  weekNoticeAt: string | null;
  isMonthTold: boolean;
}

/** When a video is deleted: after its days, but never without a month of notice, also when a rule begins to apply to old videos. */
export function deletionTime(createdAt: string, days: number, { plannedAt }: Pick<PlannedDeletion, 'plannedAt'>): string {
  return toInstant(Math.max(fromInstant(createdAt) + days * dayMs, fromInstant(plannedAt) + noticeDays.month * dayMs));
}

export type RetentionStep = 'wait' | 'tellMonth' | 'tellWeek' | 'delete';

/** What is due. A site that was off on the day of a notice tells late, and deletes a week after that. */
export function retentionStep(plan: PlannedDeletion, { until, nowMs }: { until: string; nowMs: number }): RetentionStep {
  const leftMs = fromInstant(until) - nowMs;
  if (plan.weekNoticeAt !== null) return leftMs <= 0 && nowMs - fromInstant(plan.weekNoticeAt) >= noticeDays.week * dayMs ? 'delete' : 'wait';
  if (leftMs <= noticeDays.week * dayMs) return 'tellWeek';
  return leftMs <= noticeDays.month * dayMs && !plan.isMonthTold ? 'tellMonth' : 'wait';
}
