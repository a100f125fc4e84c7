import { describe, expect, it } from 'vitest';
import { invitationMs } from '../limits.ts';
import { refusal, startTestApi } from '../testing/index.ts';

async function openSite() {
  const site = await startTestApi();
  const ada = await site.firstAccount();
  const { id: courseId } = await ada.api.createCourse({ body: { title: 'Physics', enrolmentPolicy: 'closed' } });
  const course = { params: { courseId } };
  const invite = async (role: 'student' | 'assistant' = 'assistant') => ada.api.createInvitation({ ...course, body: { role } });
  return { site, ada, courseId, course, invite };
}

describe('an invitation', () => {
  it('admits the first person who opens it, with its role, and nobody else', async () => {
    const { site, course, courseId, invite } = await openSite();
    const { token } = await invite();
    const [sam, eve] = [await site.signup('sam'), await site.signup('eve')];
    expect(await sam.api.showInvitation({ body: { token } })).toEqual({ courseId, courseTitle: 'Physics', ownerName: 'Ada', role: 'assistant' });
    expect(await sam.api.acceptInvitation({ body: { token } })).toEqual({ courseId });
    expect(await sam.api.getCourse(course)).toMatchObject({ role: 'assistant' });
    for (const problem of await Promise.all([eve.api.acceptInvitation({ body: { token } }), eve.api.showInvitation({ body: { token } })].map(refusal))) expect(problem).toMatchObject({ code: 'invitation.invalid', status: 403 });
    expect(await sam.api.acceptInvitation({ body: { token } }), 'a repeated click').toEqual({ courseId });
    expect(await refusal(eve.api.getCourse(course))).toMatchObject({ code: 'access.denied' });
  });

  it('admits one of two people who open it at the same time', async () => {
    const { site, invite } = await openSite();
    const { token } = await invite();
    const people = [await site.signup('sam'), await site.signup('eve')];
    const outcomes = await Promise.allSettled(people.map((person) => person.api.acceptInvitation({ body: { token } })));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('is listed without its token until it is used, withdrawn or too old', async () => {
    const { site, ada, course, invite } = await openSite();
    const [used, withdrawn, old] = [await invite('student'), await invite(), await invite()];
    const listed = async () => (await ada.api.listInvitations(course)).invitations.map(({ id }) => id);
    expect(await listed()).toHaveLength(3);
    expect(JSON.stringify(await ada.api.listInvitations(course))).not.toContain(used.token);
    const sam = await site.signup('sam');
    await sam.api.acceptInvitation({ body: { token: used.token } });
    await ada.api.deleteInvitation({ params: { ...course.params, invitationId: withdrawn.invitation.id } });
    expect(await listed()).toEqual([old.invitation.id]);
    expect(await refusal(sam.api.acceptInvitation({ body: { token: withdrawn.token } }))).toMatchObject({ code: 'invitation.invalid' });
    site.clock.advance(invitationMs);
    sam.take(await sam.api.refresh());
    ada.take(await ada.api.refresh());
    expect(await refusal(sam.api.acceptInvitation({ body: { token: old.token } }))).toMatchObject({ code: 'invitation.invalid' });
    expect(await listed()).toEqual([]);
  });

  it('is issued by the owner only, and ends with the rights of the owner', async () => {
    const { site, ada, course, courseId, invite } = await openSite();
    const sam = await (await site.signup('sam')).join(ada, courseId, 'assistant');
    for (const problem of await Promise.all([sam.api.createInvitation({ ...course, body: { role: 'student' } }), sam.api.listInvitations(course)].map(refusal))) expect(problem).toMatchObject({ code: 'access.denied' });
    const { token } = await invite();
    await ada.api.setUserRoles({ params: { userId: sam.userId }, body: { roles: ['admin'] } });
    await sam.api.setUserRoles({ params: { userId: ada.userId }, body: { roles: ['student'] } });
    const eve = await site.signup('eve');
    expect(await refusal(eve.api.acceptInvitation({ body: { token } }))).toMatchObject({ code: 'invitation.invalid' });
  });

  it('lets somebody in again who was removed, unless it is older than the removal', async () => {
    const { site, ada, courseId, course, invite } = await openSite();
    const sam = await (await site.signup('sam')).join(ada, courseId, 'student');
    const old = await invite('student');
    site.clock.advance(1000);
    await ada.api.removeEnrolment({ params: { courseId, userId: sam.userId } });
    expect(await refusal(sam.api.acceptInvitation({ body: { token: old.token } }))).toMatchObject({ code: 'enrolment.removed' });
    await (await site.signup('tom')).api.acceptInvitation({ body: { token: old.token } });
    await sam.api.acceptInvitation({ body: { token: (await invite('student')).token } });
    expect(await sam.api.getCourse(course)).toMatchObject({ role: 'student' });
  });

  it('can be used again when accepting it failed because of the server', async () => {
    let isDiskFull = false;
    const site = await startTestApi({ isWriteRefused: ({ collection }) => isDiskFull && collection === 'enrolments' });
    const ada = await site.firstAccount();
    const { id: courseId } = await ada.api.createCourse({ body: { title: 'Physics' } });
    const { token } = await ada.api.createInvitation({ params: { courseId }, body: { role: 'assistant' } });
    const sam = await site.signup('sam');
    isDiskFull = true;
    expect(await refusal(sam.api.acceptInvitation({ body: { token } }))).toMatchObject({ code: 'disk.full' });
    isDiskFull = false;
    expect(await sam.api.acceptInvitation({ body: { token } })).toEqual({ courseId });
  });

  it('is stored as a hash', async () => {
    const { site, invite } = await openSite();
    const { token } = await invite();
    const rows = site.collection<{ _id: string; hash: string; courseId: string; createdAt: string }>('invitations');
    expect(JSON.stringify(await rows.find({}))).not.toContain(token);
  });
});
