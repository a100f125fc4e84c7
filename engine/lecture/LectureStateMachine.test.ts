import { describe, expect, it } from 'vitest';
import { CodedError, CourseId, LectureId } from '../contract/index.ts';
import type { Lecture, LectureEndReason, LectureEventBody } from '../contract/index.ts';
import { newId } from '../kernel/newId.ts';
import { silentLogger } from '../testing/silentLogger.ts';
import { LectureStateMachine } from './LectureStateMachine.ts';

const full = new CodedError('disk.full', 'The disk of the server is full.');

function newMachine(state: Lecture['state']) {
  const lecture: Lecture = { id: LectureId.parse(newId('lec')), courseId: CourseId.parse(newId('crs')), title: 'Optics', state, scheduledAt: null, startedAt: null, endedAt: null, isRecorded: true };
  const stored: [Lecture['state'], LectureEndReason | null][] = [];
  const events: LectureEventBody['type'][] = [];
  const ends: PromiseWithResolvers<void>[] = [];
  let endsStored = 0;
  const endAt = (index: number) => (ends[index] ??= Promise.withResolvers<void>());
  const machine = new LectureStateMachine({
    lecture,
    persist: async (changed, endReason) => {
      if (changed.state === 'ended') await endAt((endsStored += 1)).promise;
      stored.push([changed.state, endReason]);
    },
    record: async ({ type }) => void events.push(type),
    nowMs: () => 0,
    logger: silentLogger,
  });
  let settled = 0;
  const settleEnd = (isStored: boolean) => {
    const end = endAt((settled += 1));
    if (isStored) end.resolve();
    else end.reject(full);
    end.promise.catch(() => undefined);
  };
  return { machine, stored, events, settleEnd };
}

describe('The state of a lecture', () => {
  it.each([
    { before: 'interrupted', type: 'mediaArrived', after: 'live', event: 'lecture.resumed' },
    { before: 'live', type: 'mediaLost', after: 'interrupted', event: 'lecture.interrupted' },
  ] as const)('follows $type while an end is being stored, when that fails', async ({ before, type, after, event }) => {
    const { machine, stored, events, settleEnd } = newMachine(before);
    const ended = machine.move({ type: 'end', reason: 'presenter' });
    expect(await machine.move({ type })).toBe(false);
    settleEnd(false);
    await expect(ended).rejects.toBe(full);
    await machine.settled();
    expect(machine.lecture.state).toBe(after);
    expect(stored).toEqual([[after, null]]);
    expect(events).toEqual([event]);
  });

  it('stays ended, whatever media does, when the end is stored', async () => {
    const { machine, events, settleEnd } = newMachine('interrupted');
    const ended = machine.move({ type: 'end', reason: 'presenter' });
    await machine.move({ type: 'mediaArrived' });
    settleEnd(true);
    expect(await ended).toBe(true);
    expect([machine.lecture.state, machine.endReason, events]).toEqual(['ended', 'presenter', ['lecture.ended']]);
  });

  it('fails a second end together with the first, and ends on a third', async () => {
    const { machine, settleEnd } = newMachine('live');
    const both = Promise.allSettled([machine.move({ type: 'end', reason: 'presenter' }), machine.move({ type: 'end', reason: 'removed' })]);
    settleEnd(false);
    expect(await both).toMatchObject([{ reason: full }, { reason: full }]);
    const third = machine.move({ type: 'end', reason: 'removed' });
    settleEnd(true);
    expect(await third).toBe(true);
    expect(machine.endReason).toBe('removed');
  });
});
