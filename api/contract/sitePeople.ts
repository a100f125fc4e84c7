import * as z from 'zod';
import { CourseId, CourseRole, Instant, SiteRole, UserId } from '#engine/contract';
import { Account, Login } from './accounts.ts';
import { accountPageSize, maxAccountPageSize, maxSearchLength } from './limits.ts';
import { NextCursor, pageQuery } from './paging.ts';
import { nothing, route } from './route.ts';

/** An account, as administrators see it. */
export const SitePerson = Account.extend({
  lastSeenAt: Instant.nullable().describe('When a page of the person was open last, to an hour. Null: never, or before this was noted.'),
  isAddressVerified: z.boolean().describe('The person has shown to receive mail at the e-mail address.'),
});
export type SitePerson = z.infer<typeof SitePerson>;

export const SitePersonDetail = SitePerson.extend({
  courses: z.array(z.object({ id: CourseId, title: z.string(), role: CourseRole })),
  logins: z.array(Login.omit({ isCurrent: true })).describe('The browsers in which the person is logged in, those used last first.'),
});
export type SitePersonDetail = z.infer<typeof SitePersonDetail>;

export const PeopleQuery = pageQuery({
  size: accountPageSize,
  maxSize: maxAccountPageSize,
  filters: {
    search: z.string().trim().max(maxSearchLength).optional().describe('Part of the e-mail address or name.'),
    role: SiteRole.optional(),
    state: z.enum(['active', 'deactivated', 'unverified']).optional().describe('`unverified`: active, and the e-mail address is not verified.'),
    seenSince: Instant.optional().describe('Only those who were seen at this time or later.'),
    notSeenSince: Instant.optional().describe('Only those who were not seen since.'),
  },
});
export type PeopleQuery = z.infer<typeof PeopleQuery>;

const PersonParams = z.object({ userId: UserId });

export const sitePeopleRoutes = {
  listPeople: route({
    method: 'GET',
    path: '/api/v1/people',
    query: PeopleQuery,
    response: z.object({ people: z.array(SitePerson), nextCursor: NextCursor }),
    auth: 'admin',
    summary: 'List or search all accounts, the newest first, with filters by role, state and the time at which people were seen.',
  }),
  getPerson: route({
    method: 'GET',
    path: '/api/v1/people/:userId',
    params: PersonParams,
    response: SitePersonDetail,
    auth: 'admin',
    summary: 'Get an account with its courses and logins.',
  }),
  signOutPerson: route({
    method: 'POST',
    path: '/api/v1/people/:userId/sign-out',
    params: PersonParams,
    response: nothing,
    status: 204,
    auth: 'admin',
    summary: 'End all logins, access tokens and calendar feeds of a person, who has to sign in again everywhere.',
  }),
};
