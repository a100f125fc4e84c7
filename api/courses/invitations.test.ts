import { describe, expect, it } from 'vitest';
import { invitationDays } from '../contract/index.ts';
import { dayMs } from '../limits.ts';
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
    expect(await sam.api.showInvitation({ body: { token } })).toMatchObject({ courseId, courseTitle: 'Physics', ownerName: 'Ada', invitedBy: 'Ada', role: 'assistant', usesLeft: 1, isMember: false, isFull: false });
    expect(await sam.api.acceptInvitation({ body: { token } })).toEqual({ courseId, outcome: 'enrolled' });
    expect(await sam.api.getCourse(course)).toMatchObject({ role: 'assistant' });
    for (const problem of await Promise.all([eve.api.acceptInvitation({ body: { token } }), eve.api.showInvitation({ body: { token } })].map(refusal))) expect(problem).toMatchObject({ code: 'invitation.usedUp', status: 410 });
    expect(await sam.api.acceptInvitation({ body: { token } }), 'a repeated click').toEqual({ courseId, outcome: 'alreadyIn' });
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
    site.clock.advance(invitationDays * dayMs);
    sam.take(await sam.api.refresh());
    ada.take(await ada.api.refresh());
    expect(await refusal(sam.api.acceptInvitation({ body: { token: old.token } }))).toMatchObject({ code: 'invitation.expired', status: 410 });
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
    expect(await sam.api.acceptInvitation({ body: { token } })).toEqual({ courseId, outcome: 'enrolled' });
  });

  it('is stored as a hash', async () => {
    const { site, invite } = await openSite();
    const { token } = await invite();
    const rows = site.collection<{ _id: string; hash: string; courseId: string; createdAt: string }>('invitations');
    expect(JSON.stringify(await rows.find({}))).not.toContain(token);
  });
});

describe('an invitation for several people', () => {
  it('admits as many as it says, also when all open it at the same time, and says what is left', async () => {
    const { site, ada, course } = await openSite();
    const { token, invitation } = await ada.api.createInvitation({ ...course, body: { maxUses: 3, note: 'Group A' } });
    expect(invitation).toMatchObject({ maxUses: 3, uses: 0, note: 'Group A', invitedBy: 'Ada' });
    const people = [];
    for (let i = 0; i < 7; i += 1) people.push(await site.signup(`guest${i}`));
    const outcomes = await Promise.allSettled(people.map((person) => person.api.acceptInvitation({ body: { token } })));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'invitation.usedUp' });
    expect((await ada.api.listEnrolments(course)).total).toBe(4);
    expect((await ada.api.listInvitations(course)).invitations).toEqual([]);
  });

  it('counts a person once, and nobody who is in the course already', async () => {
    const { site, ada, course } = await openSite();
    const { token } = await ada.api.createInvitation({ ...course, body: { maxUses: 2 } });
    const sam = await site.signup('sam');
    for (const outcome of ['enrolled', 'alreadyIn']) expect(await sam.api.acceptInvitation({ body: { token } })).toMatchObject({ outcome });
    await sam.api.leaveCourse(course);
    await sam.api.acceptInvitation({ body: { token } });
    expect(await sam.api.showInvitation({ body: { token } })).toMatchObject({ usesLeft: 1, isMember: true });
    expect((await ada.api.listInvitations(course)).invitations).toMatchObject([{ uses: 1, maxUses: 2 }]);
  });

  it('raises a role and never lowers it', async () => {
    const { site, ada, courseId, course } = await openSite();
    const links = { student: await ada.api.createInvitation({ ...course, body: { maxUses: 5 } }), assistant: await ada.api.createInvitation({ ...course, body: { maxUses: 5, role: 'assistant' } }) };
    const sam = await (await site.signup('sam')).join(ada, courseId, 'student');
    await sam.api.acceptInvitation({ body: { token: links.assistant.token } });
    await sam.api.acceptInvitation({ body: { token: links.student.token } });
    expect(await sam.api.getCourse(course)).toMatchObject({ role: 'assistant' });
    expect(await refusal(ada.api.acceptInvitation({ body: { token: links.assistant.token } }))).toMatchObject({ code: 'access.denied' });
  });

  it('lets nobody in again who was removed, however new it is', async () => {
    const { site, ada, courseId, course } = await openSite();
    const sam = await (await site.signup('sam')).join(ada, courseId, 'student');
    await ada.api.removeEnrolment({ params: { courseId, userId: sam.userId } });
    site.clock.advance(1000);
    const { token } = await ada.api.createInvitation({ ...course, body: { maxUses: 2 } });
    expect(await refusal(sam.api.acceptInvitation({ body: { token } }))).toMatchObject({ code: 'enrolment.removed' });
    expect((await ada.api.listInvitations(course)).invitations).toMatchObject([{ uses: 0 }]);
  });

  it('puts people on the waiting list of a full course', async () => {
    const { site, ada, course } = await openSite();
    await ada.api.updateAdmission({ ...course, body: { capacity: 1 } });
    const { token } = await ada.api.createInvitation({ ...course, body: { maxUses: 3 } });
    const [sam, eve] = [await site.signup('sam'), await site.signup('eve')];
    await sam.api.acceptInvitation({ body: { token } });
    expect(await eve.api.showInvitation({ body: { token } })).toMatchObject({ isFull: true });
    expect(await eve.api.acceptInvitation({ body: { token } })).toMatchObject({ outcome: 'waiting' });
    await sam.api.leaveCourse(course);
    expect(await eve.api.getCourse(course)).toMatchObject({ role: 'student' });
  });

  it('refuses numbers that make no sense', async () => {
    const { ada, course } = await openSite();
    for (const body of [{ maxUses: 0 }, { maxUses: 1.5 }, { maxUses: 10_001 }, { validDays: 0 }, { validDays: 366 }, { note: 'x'.repeat(81) }]) {
      expect(await refusal(ada.api.createInvitation({ ...course, body }))).toMatchObject({ code: 'request.invalid', status: 400 });
    }
    expect((await ada.api.listInvitations(course)).invitations).toEqual([]);
  });

  it('that an older version has made keeps working once', async () => {
    const { site, ada, course, courseId, invite } = await openSite();
    const { token, invitation } = await invite('student');
    const rows = site.collection<{ _id: string; hash: string; courseId: string; createdAt: string; maxUses?: number; usedBy?: string | null }>('invitations');
    await rows.updateOne({ _id: invitation.id }, { $set: { usedBy: null }, $unset: { maxUses: 1 } });
    expect((await ada.api.listInvitations(course)).invitations).toMatchObject([{ maxUses: 1, uses: 0 }]);
    const [sam, eve] = [await site.signup('sam'), await site.signup('eve')];
    expect(await sam.api.acceptInvitation({ body: { token } })).toMatchObject({ courseId });
    expect(await refusal(eve.api.acceptInvitation({ body: { token } }))).toMatchObject({ code: 'invitation.usedUp' });
  });
});
