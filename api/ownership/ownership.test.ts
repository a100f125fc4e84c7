import { beforeEach, describe, expect, it } from 'vitest';
import type { CourseId } from '#engine/contract';
import { UserId } from '#engine/contract';
import { AccountStore } from '../accounts/AccountStore.ts';
import { ownershipOfferMs } from '../limits.ts';
import { refusal, startTestApi } from '../testing/index.ts';
import type { Browser, TestApi } from '../testing/index.ts';

let site: TestApi;
let [ada, ben]: Browser[] = [];
let courseId: CourseId;
let course: { params: { courseId: CourseId } };
beforeEach(async () => {
  site = await startTestApi();
  [ada, ben] = [await site.firstAccount(), await site.signup('ben')];
  await ada.api.setUserRoles({ params: { userId: ben.userId }, body: { roles: ['instructor'] } });
  courseId = (await ada.api.createCourse({ body: { title: 'Optics', enrolmentPolicy: 'open' } })).id;
  course = { params: { courseId } };
  await ben.api.enrol(course);
});

const offer = (userId = ben!.userId) => ada!.api.offerOwnership({ ...course, body: { userId } });

describe('the owner of a course', () => {
  it('changes when the owner offers it and the other instructor accepts: roles, names and rights in the live room follow', async () => {
    await ada!.api.issueStreamKey(course);
    const { id: lectureId } = await ada!.api.startLecture({ body: { courseId, title: 'Lenses' } });
    const entered = site.enter(lectureId, ben!, 'student');
    expect(await offer()).toMatchObject({ offer: { to: { displayName: 'ben' }, isForYou: false } });
    expect(await ben!.api.getOwnershipOffer(course)).toMatchObject({ offer: { isForYou: true } });
    expect(await ben!.api.acceptOwnership(course)).toMatchObject({ role: 'owner', ownerName: 'ben' });
    expect(await ada!.api.getCourse(course)).toMatchObject({ role: 'assistant', ownerName: 'ben' });
    expect(entered.lecture.roster.get(entered.participant.id)).toMatchObject({ role: 'owner' });
    expect((await ben!.api.getStreamKey(course)).key).toBeNull();
    expect((await ada!.api.getOwnershipOffer(course)).offer).toBeNull();
    expect(await refusal(ben!.api.acceptOwnership(course))).toMatchObject({ code: 'offer.notFound' });
    expect((await ben!.api.listCatalogue({ query: { search: 'ben' } })).courses.map(({ title }) => title)).toEqual(['Optics']);
    const { entries } = await ada!.api.listAudit({ query: { courseId } });
    expect(entries.map(({ action, actor, target }) => [action, actor.name, target.name])).toEqual(expect.arrayContaining([['course.ownerOffered', 'Ada', 'ben'], ['course.ownerChanged', 'ben', 'Optics']]));
  });

  it('stays when the offer is declined, withdrawn, made to somebody else, or too old', async () => {
    const cem = await site.signup('cem');
    await ada!.api.setUserRoles({ params: { userId: cem.userId }, body: { roles: ['instructor'] } });
    await cem.api.enrol(course);
    await offer();
    expect((await cem.api.getOwnershipOffer(course)).offer).toBeNull();
    expect(await refusal(cem.api.acceptOwnership(course))).toMatchObject({ code: 'offer.notFound', status: 404 });
    expect(await refusal(cem.api.declineOwnership(course))).toMatchObject({ code: 'offer.notFound' });
    await ben!.api.declineOwnership(course);
    await offer();
    await ada!.api.withdrawOwnership(course);
    await offer();
    await offer(cem.userId);
    expect(await refusal(ben!.api.acceptOwnership(course))).toMatchObject({ code: 'offer.notFound' });
    site.clock.advance(ownershipOfferMs);
    cem.take(await cem.api.login({ body: { email: 'cem@example.org', password: 'cem-password' } }));
    expect(await refusal(cem.api.acceptOwnership(course))).toMatchObject({ code: 'offer.notFound' });
    expect(await cem.api.getCourse(course)).toMatchObject({ role: 'student' });
  });

  it('is offered to instructors in the course only, and by its owner or an administrator', async () => {
    const [sam, eve] = [await site.signup('sam'), await site.signup('eve')];
    await sam.api.enrol(course);
    expect(await refusal(offer(sam.userId))).toMatchObject({ code: 'offer.refused', status: 409 });
    expect(await refusal(offer(eve.userId))).toMatchObject({ code: 'enrolment.notFound' });
    expect(await refusal(offer(ada!.userId))).toMatchObject({ code: 'offer.refused' });
    expect(await refusal(ben!.api.offerOwnership({ ...course, body: { userId: ben!.userId } }))).toMatchObject({ code: 'access.denied' });
    expect(await refusal(sam.api.acceptOwnership(course))).toMatchObject({ code: 'access.denied' });
  });

  it('is told by mail, without words that somebody else has chosen', async () => {
    await new AccountStore(site.database).update(UserId.parse(ben!.userId), { emailVerifiedAt: '2030-01-01T00:00:00.000Z' });
    await offer();
    await site.runJobs();
    const { subject, text } = site.mailbox.to('ben@example.org');
    expect(subject).toBe('A course is offered to you');
    expect(text).toContain(`/courses/${courseId}`);
    expect(text).not.toContain('Optics');
  });

  it('is changed by accepting again when the process died in between', async () => {
    let isFull = false;
    const own = await startTestApi({ isWriteRefused: ({ collection }) => isFull && collection === 'courses' });
    const [owner, other] = [await own.firstAccount(), await own.signup('ben')];
    await owner.api.setUserRoles({ params: { userId: other.userId }, body: { roles: ['instructor'] } });
    const { id } = await owner.api.createCourse({ body: { title: 'Waves', enrolmentPolicy: 'open' } });
    const params = { courseId: id };
    await other.api.enrol({ params });
    await owner.api.offerOwnership({ params, body: { userId: other.userId } });
    isFull = true;
    expect(await refusal(other.api.acceptOwnership({ params }))).toMatchObject({ code: 'disk.full' });
    isFull = false;
    expect(await other.api.acceptOwnership({ params })).toMatchObject({ role: 'owner', ownerName: 'ben' });
    expect(await owner.api.getCourse({ params })).toMatchObject({ role: 'assistant' });
  });
});
