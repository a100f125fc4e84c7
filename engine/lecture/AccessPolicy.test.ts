import { describe, expect, it } from 'vitest';
import { CourseId, isCoded, LectureId, UserId } from '../contract/index.ts';
import type { CourseAction, CourseRole, ErrorCode } from '../contract/index.ts';
import { newId } from '../kernel/newId.ts';
import { AccessPolicy, requireAllowed } from './AccessPolicy.ts';

const userId = UserId.parse(newId('usr'));
const courseId = CourseId.parse(newId('crs'));
const lectureId = LectureId.parse(newId('lec'));

function policyFor({ role, isRemoved }: { role: CourseRole | undefined; isRemoved: boolean }): AccessPolicy {
  return new AccessPolicy({
    courseRoles: { roleOf: async () => role, isRemovedFromCourse: async () => false, isAdmin: async () => false },
    lectures: { courseOf: async () => courseId, isRemoved: async () => isRemoved },
  });
}

async function refusalOf(attempt: Promise<unknown>): Promise<ErrorCode | undefined> {
  try {
    await attempt;
    return undefined;
  } catch (err) {
    if (isCoded(err)) return err.code;
    throw err;
  }
}

const cases: [role: CourseRole | undefined, isRemoved: boolean, action: CourseAction, refusal: ErrorCode | undefined][] = [
  [undefined, false, 'lecture.watch', 'access.denied'],
  [undefined, true, 'lecture.watch', 'access.denied'],
  ['student', false, 'lecture.watch', undefined],
  ['student', false, 'lecture.present', 'access.denied'],
  ['student', true, 'lecture.watch', 'participant.removed'],
  ['assistant', false, 'lecture.end', undefined],
  ['assistant', true, 'lecture.watch', 'participant.removed'],
  ['assistant', true, 'lecture.end', 'participant.removed'],
  ['owner', true, 'lecture.watch', undefined],
  ['owner', true, 'lecture.end', undefined],
];

describe('The access policy', () => {
  it.each(cases)('for role %s, removed %s, action %s: refusal %s', async (...[role, isRemoved, action, refusal]) => {
    const policy = policyFor({ role, isRemoved });
    expect(await refusalOf(policy.requireInLecture(userId, lectureId, action))).toBe(refusal);
    expect(await refusalOf((async () => requireAllowed({ role, isRemoved }, action))())).toBe(refusal);
    if (action === 'lecture.watch') expect(await policy.mayWatch(userId, lectureId)).toBe(refusal === undefined);
  });

  it('applies a removal to the lecture and not to its course', async () => {
    expect(await policyFor({ role: 'student', isRemoved: true }).requireInCourse(userId, courseId, 'lecture.watch')).toBe('student');
  });
});
