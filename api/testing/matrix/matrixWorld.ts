import { UserId, CourseId } from '#engine/contract';
import type { CourseRole , SiteRole} from '#engine/contract';
import { newId, toInstant } from '#engine/kernel';
import type { Named } from '#engine/kernel';
import { hashPassword } from '../../accounts/passwords.ts';
import { AccountStore } from '../../accounts/AccountStore.ts';
import { EnrolmentStore } from '../../courses/EnrolmentStore.ts';
import { RemovalStore } from '../../courses/RemovalStore.ts';
import { AccessTokenStore } from '../../tokens/AccessTokenStore.ts';
import type { TestApi } from '../startTestApi.ts';

/** Everyone who calls a route. The course roles are those in the course `own`. */
export const subjects = [
  'anonymous', 'wrong token', 'expired token', 'deactivated', 'outsider', 'removed', 'student', 'assistant', 'owner', 'other owner', 'admin',
] as const;
export type Subject = (typeof subjects)[number];

/** `own`: the course in which the subjects have their roles. `other`: the one of the other owner. `missing`: ids of nothing. */
export const targets = ['own', 'other', 'missing'] as const;
export type Target = (typeof targets)[number];

export interface Person {
  token: string | undefined;
  siteRoles: readonly SiteRole[];
  /** The role in each course; undefined for those without. */
  roles: Partial<Record<Target, CourseRole>>;
}

export interface MatrixWorld {
  people: Record<Subject, Person>;
  /** The ids in each course, by the name of the field that carries them. */
  named: Record<Target, Named>;
}

type Made = { userId: UserId; loginId: string; token: string; siteRoles: readonly SiteRole[] };

const instructor = ['instructor'] as const;

/** A site with two courses and everyone in it, without a request where a store is quicker. */
export async function makeMatrixWorld(site: TestApi): Promise<MatrixWorld> {
  const person = (roles: readonly SiteRole[] = ['student']) => makePerson(site, roles);
  const [outsider, removed, student, assistant, subject] = await Promise.all([person(), person(), person(), person(), person()]);
  const [owner, otherOwner, deactivated, admin] = await Promise.all([person(instructor), person(instructor), person(), person(['admin'])]);
  await new AccountStore(site.database).update(deactivated.userId, { deactivatedAt: toInstant(site.clock.nowMs()) });
  const own = await makeCourse(site, owner, [[student, 'student'], [assistant, 'assistant'], [subject, 'student']]);
  const other = await makeCourse(site, otherOwner, [[subject, 'student']]);
  await new RemovalStore(site.database).put({ courseId: String(own.courseId), userId: removed.userId, byUserId: owner.userId, removedAt: toInstant(site.clock.nowMs()) });
  const { userId, loginId } = subject;
  const now = toInstant(site.clock.nowMs());
  const accessToken = await new AccessTokenStore(site.database).add({ userId, loginId, name: 'Timetable', scopes: [], tokenHash: newId('pat'), hint: '', createdAt: now, expiresAt: now });
  const ofSubject = { userId, loginId, tokenId: accessToken._id };
  const as = ({ token, siteRoles }: Made, roles: Person['roles'] = {}): Person => ({ token, siteRoles, roles });
  const without = (token: string | undefined): Person => ({ token, siteRoles: [], roles: {} });
  return {
    people: {
      anonymous: without(undefined),
      'wrong token': without(`${student.token.slice(0, -8)}AAAAAAAA`),
      'expired token': without(site.tokens.sign('access', { userId: student.userId, roles: ['student'], loginId: student.loginId, generation: 1 }, -60)),
      deactivated: without(deactivated.token),
      outsider: as(outsider),
      removed: as(removed),
      student: as(student, { own: 'student' }),
      assistant: as(assistant, { own: 'assistant' }),
      owner: as(owner, { own: 'owner' }),
      'other owner': as(otherOwner, { other: 'owner' }),
      admin: as(admin),
    },
    named: { own: { ...own, ...ofSubject }, other: { ...other, ...ofSubject }, missing: missingIds() },
  };
}

/** Of no password that anyone tries; weak, so that it is quick. */
const passwordHash = hashPassword(newId('evt'), { cost: { memoryKib: 8, passes: 1, parallelism: 1 } });

async function makePerson(site: TestApi, roles: readonly SiteRole[]): Promise<Made> {
  const now = toInstant(site.clock.nowMs());
  const { _id } = await new AccountStore(site.database).add({ email: `${newId('usr')}@example.org`, displayName: 'Noor', roles: [...roles], passwordHash: await passwordHash, createdAt: now });
  const userId = UserId.parse(_id);
  const { _id: loginId } = await site.logins.add({ userId, createdAt: now, lastUsedAt: now, expiresAt: toInstant(site.clock.nowMs() + 3600_000), userAgent: '', address: '127.0.0.1' });
  return { userId, loginId, siteRoles: roles, token: site.tokens.sign('access', { userId, roles: [...roles], loginId, generation: 1 }, 600) };
}

async function makeCourse(site: TestApi, owner: Made, members: readonly [Made, CourseRole][]): Promise<Named> {
  const browser = site.browser();
  browser.token = owner.token;
  const { api } = browser;
  const { id } = await api.createCourse({ body: { title: 'Optics', enrolmentPolicy: 'open' } });
  const courseId = CourseId.parse(id);
  const enrolments = new EnrolmentStore(site.database);
  for (const [{ userId }, role] of members) await enrolments.put({ courseId, userId, role, enrolledAt: toInstant(site.clock.nowMs()) });
  const lecture = await api.scheduleLecture({ params: { courseId }, body: { title: 'Lenses', scheduledAt: null, durationMinutes: null } });
  const { invitation, token } = await api.createInvitation({ params: { courseId }, body: {} });
  const { _id: videoId } = await site.recordVideo({ courseId, lectureId: lecture.id, title: 'Lenses' });
  return { courseId, lectureId: lecture.id, videoId, invitationId: invitation.id, token };
}

/** Well-formed ids of nothing. The generic examples of other fields are such ids as well. */
function missingIds(): Named {
  return { courseId: newId('crs'), lectureId: newId('lec'), videoId: newId('vid'), userId: newId('usr'), loginId: newId('lgn'), invitationId: newId('inv') };
}
