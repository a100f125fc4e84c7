import { expect, it } from 'vitest';
import { may, UserId } from '#engine/contract';
import type { CourseAction, CourseRole } from '#engine/contract';
import { exampleOf, newId } from '#engine/kernel';
import type { Ack, RequestAccess, RequestName } from './contract/index.ts';
import { requestAccess, requests } from './contract/index.ts';
import { request, requestRaw, useTestRoom } from './testing/TestRoom.ts';
import type { Client } from './testing/TestRoom.ts';

const room = useTestRoom();
const roles = ['student', 'assistant', 'owner'] as const satisfies readonly CourseRole[];
// Leaving ends the membership that the other requests need.
const names: RequestName[] = [...(Object.keys(requests) as RequestName[]).filter((name) => name !== 'room.leave' && name !== 'room.join'), 'room.leave'];
let cells = 0;

const refusals: ReadonlySet<string> = new Set(['access.denied', 'participant.removed', 'auth.required', 'auth.invalid', 'auth.expired', 'auth.reused']);
const isRefused = (ack: Ack<RequestName>) => !ack.ok && refusals.has(ack.error.code);

function mayRequest(role: CourseRole, { access, isOwn }: { access: RequestAccess; isOwn: boolean }): boolean {
  if (typeof access === 'string') return true;
  const needed: CourseAction[] = [access.action, ...(access.others === undefined || isOwn ? [] : [access.others])];
  return needed.every((action) => may(role, action));
}

/** The ids of things of the caller, or of a student who is in the room. */
async function idsOf(name: RequestName, self?: { userId: UserId }): Promise<Record<string, unknown>> {
  const userId = self?.userId ?? UserId.parse(newId('usr'));
  if (!self) room.roles.set(userId, 'student');
  const participant = room.lecture.roster.ofUser(userId)[0] ?? room.lecture.enter({ userId, displayName: 'Sam', kind: 'viewer', role: room.roles.get(userId) ?? 'student' });
  const messageId = name === 'chat.delete' ? (await room.lecture.chat.post(participant, 'A prism splits light.')).id : undefined;
  return { userId, participantId: participant.id, messageId, mimeType: 'video/VP8', direction: 'recv' };
}

async function send(client: Client, name: RequestName, ids: Record<string, unknown>): Promise<Ack<RequestName>> {
  const example = exampleOf(requests[name].request, ids) as Record<string, unknown>;
  const data = name === 'hand.lower' ? { ...example, participantId: ids.participantId } : example;
  cells += 1;
  return (await requestRaw(client, name, data)) as Ack<RequestName>;
}

it('every request is answered in each role as the table of permissions says, for own and for others’ things', async () => {
  const wrong: string[] = [];
  for (const role of roles) {
    const userId = UserId.parse(newId('usr'));
    const client = await room.join(role, userId);
    for (const name of names) {
      for (const isOwn of [false, true]) {
        if (isOwn && (name === 'participant.remove' || name === 'chat.setMuted' || name === 'room.leave')) continue;
        const ids = await idsOf(name, isOwn ? { userId } : undefined);
        const ack = await send(client, name, ids);
        if (isRefused(ack) === mayRequest(role, { access: requestAccess[name], isOwn })) wrong.push(`${name} as ${role}, ${isOwn ? 'own' : "others'"}: ${JSON.stringify(ack).slice(0, 200)}`);
      }
    }
  }
  expect(wrong).toEqual([]);
});

it('every request but the first is refused before the room is joined', async () => {
  const client = room.connect();
  for (const name of names) {
    const ack = await send(client, name, await idsOf(name));
    expect.soft(ack, name).toMatchObject({ ok: false, error: { code: 'auth.required' } });
  }
});

const entrances: [who: string, code: string, ticket: () => string | Promise<string>][] = [
  ['a ticket of another key', 'auth.invalid', () => `${room.ticketFor('student').slice(0, -8)}AAAAAAAA`],
  ['an expired ticket', 'auth.expired', () => {
    const ticket = room.ticketFor('student');
    room.clock.advance(120_000);
    return ticket;
  }],
  ['a ticket that was used', 'auth.reused', async () => {
    const ticket = room.ticketFor('student');
    await request(room.connect(), 'room.join', { ticket });
    return ticket;
  }],
  ['a ticket of a login that has ended', 'auth.invalid', () => {
    const userId = UserId.parse(newId('usr'));
    const ticket = room.ticketFor('student', userId);
    room.logins.end(userId);
    return ticket;
  }],
  ['a person without a role any more', 'access.denied', () => {
    const userId = UserId.parse(newId('usr'));
    const ticket = room.ticketFor('student', userId);
    room.roles.delete(userId);
    return ticket;
  }],
  ['a person who was removed from the lecture', 'participant.removed', async () => {
    const [owner, userId] = [UserId.parse(newId('usr')), UserId.parse(newId('usr'))];
    const moderator = room.lecture.enter({ userId: owner, displayName: 'Ina', kind: 'presenter', role: 'owner' });
    await room.lecture.removals.remove(moderator, userId);
    return room.ticketFor('assistant', userId);
  }],
];

it.each(entrances)('%s does not join', async (_who, code, ticket) => {
  cells += 1;
  expect(await request(room.connect(), 'room.join', { ticket: await ticket() })).toMatchObject({ ok: false, error: { code } });
});

it('a student neither opens a transport to send, nor joins as a presenter', async () => {
  cells += 2;
  expect(await request(await room.join('student'), 'transport.open', { direction: 'send' })).toMatchObject({ ok: false, error: { code: 'access.denied' } });
  expect(await request(room.connect(), 'room.join', { ticket: room.ticketFor('student'), as: 'presenter' })).toMatchObject({ ok: false, error: { code: 'access.denied' } });
  process.stdout.write(`permissions: ${names.length + 1} requests of a room, in every role and without one: ${cells} cells\n`);
});
