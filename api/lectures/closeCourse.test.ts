import { beforeEach, describe, expect, it } from 'vitest';
import type { LectureRow } from '#engine';
import { CodedError, CourseId } from '#engine/contract';
import type { LectureId } from '#engine/contract';
import { newId } from '#engine/kernel';
import { ManualClock } from '#engine/testing';
import { startingRetryMs, startingWithinMs } from '../limits.ts';
import { closeCourse } from './closeCourse.ts';

const courseId = CourseId.parse(newId('crs'));

type State = 'scheduled' | 'starting' | 'live' | 'ended' | 'unreachable';

let clock: ManualClock;
let lectures: Map<string, State>;
/** Happens before a lecture is cancelled. */
let beforeCancel: (lectureId: LectureId) => void;

beforeEach(() => {
  clock = new ManualClock();
  lectures = new Map();
  beforeCancel = () => undefined;
});

function add(state: State): string {
  const id = newId('lec');
  lectures.set(id, state);
  return id;
}

const refuse = (code: 'lecture.notFound' | 'lecture.alreadyLive' | 'lecture.ended' | 'lecture.notLive' | 'owner.notFound') => {
  throw new CodedError(code, code);
};

/** What the registry and the owner of a lecture do, as far as closing needs it. */
const registry = {
  ofCourse: async () => [...lectures].map(([_id, state]) => ({ _id, state: state === 'starting' ? 'scheduled' : state === 'unreachable' ? 'live' : state }) as LectureRow),
  cancel: async (lectureId: LectureId) => {
    beforeCancel(lectureId);
    const state = lectures.get(lectureId) ?? refuse('lecture.notFound');
    if (state !== 'scheduled') refuse('lecture.alreadyLive');
    lectures.delete(lectureId);
  },
};
const owners = {
  end: async (lectureId: LectureId) => {
    const state = lectures.get(lectureId) ?? refuse('lecture.notFound');
    if (state === 'ended') refuse('lecture.ended');
    if (state === 'unreachable') refuse('owner.notFound');
    if (state !== 'live') refuse('lecture.notLive');
    lectures.set(lectureId, 'ended');
  },
};
const turn = () => new Promise((resolve) => setImmediate(resolve));
const close = (keepsScheduled = false) => closeCourse(courseId, { registry, owners, clock, keepsScheduled });

describe('A course that is closed', () => {
  it('ends its live lecture and loses its scheduled ones', async () => {
    const [live, planned] = [add('live'), add('scheduled')];
    await close();
    expect([...lectures]).toEqual([[live, 'ended']]);
    expect(lectures.has(planned)).toBe(false);
  });

  it('keeps its scheduled lectures while it can be restored', async () => {
    const [live, planned] = [add('live'), add('scheduled')];
    await close(true);
    expect([...lectures]).toEqual([[live, 'ended'], [planned, 'scheduled']]);
  });

  it('loses its other lectures when one cannot be closed, and reports that one', async () => {
    const states = ['scheduled', 'unreachable', 'scheduled', 'live'] as const;
    const [, unreachable, , live] = states.map(add);
    await expect(close()).rejects.toMatchObject({ code: 'owner.notFound' });
    expect([...lectures]).toEqual([[unreachable, 'unreachable'], [live, 'ended']]);
  });

  it('ends a lecture that goes live, and loses one that is removed, while it is being cancelled', async () => {
    const [starting, removed] = [add('scheduled'), add('scheduled')];
    beforeCancel = (lectureId) => {
      if (lectureId === starting) lectures.set(starting, 'live');
      else lectures.delete(removed);
    };
    await close();
    expect([...lectures]).toEqual([[starting, 'ended']]);
  });

  it.each([
    ['goes live', 'live', 'ended'],
    ['does not go live', 'scheduled', undefined],
  ] as const)('waits for a lecture that is being started and %s', async (_, next, last) => {
    const starting = add('starting');
    const closed = close();
    await turn();
    lectures.set(starting, next);
    clock.advance(startingRetryMs);
    await closed;
    expect(lectures.get(starting)).toBe(last);
  });

  it('reports a lecture that is being started for too long', async () => {
    add('starting');
    const closed = expect(close()).rejects.toMatchObject({ code: 'lecture.notLive' });
    for (let ms = 0; ms < startingWithinMs; ms += startingRetryMs) {
      await turn();
      clock.advance(startingRetryMs);
    }
    await closed;
  });
});
