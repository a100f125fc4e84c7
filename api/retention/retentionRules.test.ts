import { describe, expect, it } from 'vitest';
import { toInstant } from '#engine/kernel';
import { deletionTime, effectiveRetention, followsSite, retentionStep } from './retentionRules.ts';

const day = 24 * 3600_000;
const start = Date.UTC(2030, 0, 1);
const at = (days: number) => toInstant(start + days * day);

describe('The retention of a course', () => {
  it('follows the site, or has days of its own, or keeps everything', () => {
    const site = { recordingDays: 730, uploadDays: null, chatDays: 365 };
    expect(effectiveRetention(followsSite, site)).toEqual(site);
    expect(effectiveRetention({ recordings: 'never', uploads: 90, chat: 'site' }, site)).toEqual({ recordingDays: null, uploadDays: 90, chatDays: 365 });
  });

  it('deletes a video after its days, and an old one not before a month after the rule began to apply', () => {
    expect(deletionTime(at(0), 100, { plannedAt: at(70) })).toBe(at(100));
    expect(deletionTime(at(-2000), 100, { plannedAt: at(0) })).toBe(at(30));
  });

  it('tells the owner 30 and 7 days before', () => {
    const step = (day1: number, plan: Partial<Parameters<typeof retentionStep>[0]> = {}) => retentionStep({ plannedAt: at(0), weekNoticeAt: null, isMonthTold: false, ...plan }, { until: at(100), nowMs: start + day1 * day });
    expect([step(69), step(70), step(70, { isMonthTold: true }), step(93, { isMonthTold: true }), step(93)]).toEqual(['wait', 'tellMonth', 'wait', 'tellWeek', 'tellWeek']);
    expect([step(99, { weekNoticeAt: at(93) }), step(100, { weekNoticeAt: at(93) })]).toEqual(['wait', 'delete']);
  });

  it('tells late after the site was off, and still leaves a week', () => {
    const late = { plannedAt: at(0), weekNoticeAt: at(150), isMonthTold: false };
    expect([retentionStep({ ...late, weekNoticeAt: null }, { until: at(100), nowMs: start + 150 * day }), retentionStep(late, { until: at(100), nowMs: start + 156 * day }), retentionStep(late, { until: at(100), nowMs: start + 157 * day })]).toEqual(['tellWeek', 'wait', 'delete']);
  });
});
