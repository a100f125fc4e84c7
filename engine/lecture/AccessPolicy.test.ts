import { describe, expect, it } from 'vitest';
import { CourseId, isCoded, LectureId, UserId } from '../contract/index.ts';
import type { CourseAction, CourseCondition, CourseRole, ErrorCode } from '../contract/index.ts';
import { newId } from '../kernel/newId.ts';
import { AccessPolicy, requireAllowed } from './AccessPolicy.ts';

const userId = UserId.parse(newId('usr'));
const courseId = CourseId.parse(newId('crs'));
const lectureId = LectureId.parse(newId('lec'));

interface Standing {
  role: CourseRole | undefined;
  isRemoved?: boolean;
  condition?: CourseCondition;
  isAdmin?: boolean;
}

function policyFor({ role, isRemoved = false, condition = 'published', isAdmin = false }: Standing): AccessPolicy {
  return new AccessPolicy({
    courseRoles: { roleOf: async () => role, placeOf: async () => ({ role, condition }), isRemovedFromCourse: async () => false, isAdmin: async () => isAdmin },
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
    if (action === 'lecture.watch') expect(await policy.mayWatchVideo(userId, { courseId, lectureId, hidden: null })).toBe(refusal === undefined);
  });

  it('applies a removal to the lecture and not to its course', async () => {
    expect(await policyFor({ role: 'student', isRemoved: true }).requireInCourse(userId, courseId, 'lecture.watch')).toBe('student');
  });
});

const conditionCases: [role: CourseRole | undefined, condition: CourseCondition, action: CourseAction, refusal: ErrorCode | undefined][] = [
  ['student', 'draft', 'lecture.watch', 'course.notPublished'],
  ['assistant', 'draft', 'lecture.start', undefined],
  ['owner', 'draft', 'course.edit', undefined],
  ['student', 'archived', 'lecture.watch', undefined],
  ['owner', 'archived', 'lecture.start', 'course.archived'],
  ['owner', 'archived', 'lecture.schedule', 'course.archived'],
  ['owner', 'archived', 'course.edit', 'course.archived'],
  ['owner', 'archived', 'streamKey.manage', 'course.archived'],
  ['student', 'archived', 'lecture.start', 'access.denied'],
  ['owner', 'archived', 'course.archive', undefined],
  ['owner', 'deleted', 'lecture.list', 'course.notFound'],
  ['student', 'deleted', 'lecture.watch', 'course.notFound'],
  ['student', 'deleted', 'course.restore', 'access.denied'],
  ['owner', 'deleted', 'course.restore', undefined],
  [undefined, 'deleted', 'course.restore', 'access.denied'],
];

describe('The state of a course', () => {
  it.each(conditionCases)('for role %s, course %s, action %s: refusal %s', async (...[role, condition, action, refusal]) => {
    const policy = policyFor({ role, condition });
    expect(await refusalOf(policy.requireInCourse(userId, courseId, action))).toBe(refusal);
    expect(await refusalOf(policy.requireInLecture(userId, lectureId, action))).toBe(refusal);
    if (action === 'lecture.watch') expect(await policy.mayWatchVideo(userId, { courseId, lectureId, hidden: null })).toBe(refusal === undefined);
  });

  it.each<[CourseCondition, CourseAction, ErrorCode | undefined]>([
    ['deleted', 'course.restore', undefined],
    ['deleted', 'lecture.list', 'course.notFound'],
    ['archived', 'course.delete', undefined],
    ['draft', 'lecture.list', undefined],
  ])('binds an administrator as well: %s, %s', async (condition, action, refusal) => {
    expect(await refusalOf(policyFor({ role: undefined, condition, isAdmin: true }).requireInCourse(userId, courseId, action))).toBe(refusal);
  });
});
